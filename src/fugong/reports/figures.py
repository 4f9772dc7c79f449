"""The figures: each is one query whose rows are the list behind it. ``docs/figures.md`` defines them in words.

A row has ``subject`` (whom it counts), ``hit`` (whether it is in the numerator), ``amount`` and ``whole`` (how much it
adds to numerator and denominator), ``tags`` (a trip, a room, a post) and ``at`` (since when, or when).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
SubjectKind = Literal["worker", "enterprise", "site", "team"]
Shape = Literal["count", "ratio"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its key and title, a count or a ratio, whom it counts, and its rows.

    ``extras`` are further numbers, as SQL over the rows (named ``counted``), with their titles. ``missing`` is the title of
    what a ratio's denominator has and its numerator hasn't. ``hand`` says where it belongs: holding the outbreak down or
    bringing people back to work.
    """

    key: str
    title: Text
    shape: Shape
    subject: SubjectKind
    hand: Literal["control", "work"]
    rows: str
    extras: Mapping[str, tuple[Text, str]] = field(default_factory=dict)
    missing: Text = ""
    unit: Literal["number", "yuan"] = "number"


def _row(
    subject: str, source: str, *, hit: str = "true", amount: str = "1", whole: str = "1",
    tags: str = "ARRAY[]::text[]", at: str = "NULL::bigint",
) -> str:  # fmt: skip
    return (
        f"SELECT {subject} AS subject, {hit} AS hit, ({amount})::numeric AS amount, ({whole})::numeric AS whole, "
        f"{tags} AS tags, {at} AS at FROM {source}"
    )


def _enterprises(key: str, title: Text, condition: str) -> Figure:
    return Figure(key, title, "count", "enterprise", "work", _row("enterprise", f"enterprises WHERE {condition}"))


def _resumed(key: str, title: Text, source: str, condition: str = "true") -> Figure:
    rows = _row(
        "enterprise", f"{source} LEFT JOIN resumed USING (enterprise) WHERE {condition}",
        hit="resumed.enterprise IS NOT NULL", at="resumed.since",
    )  # fmt: skip
    return Figure(key, title, "ratio", "enterprise", "work", rows, missing=_("not yet resumed"))


_TO_TEST = (
    "(SELECT DISTINCT worker FROM employed JOIN above_size USING (enterprise)) AS large "
    "JOIN present USING (worker) LEFT JOIN tested USING (worker) WHERE present.test_required"
)
_EMPLOYERS = (
    "(SELECT count(DISTINCT enterprise) FROM employed JOIN above_size USING (enterprise) "
    "JOIN counted ON counted.subject = employed.worker)"
)

_ALL = (
    _enterprises("enterprises.industrial", _("Industrial enterprises"), "industry = 'industrial'"),
    _enterprises(
        "enterprises.commercial_and_service",
        _("Commercial and service enterprises"),
        "industry IN ('commercial', 'service')",
    ),
    _resumed("resumed.all", _("Enterprises resumed"), "enterprises"),
    _resumed(
        "resumed.above_size.industrial",
        _("Industrial enterprises above designated size resumed"),
        "above_size",
        "industry = 'industrial'",
    ),
    _resumed(
        "resumed.above_size.commercial",
        _("Commercial enterprises above designated size resumed"),
        "above_size",
        "industry = 'commercial'",
    ),
    _resumed(
        "resumed.above_size.service",
        _("Service enterprises above designated size resumed"),
        "above_size",
        "industry = 'service'",
    ),
    Figure(
        "workers.back", _("Workers back at resumed enterprises"), "ratio", "worker", "work",
        _row(
            "worker", "workers LEFT JOIN present USING (worker)",
            hit="workers.resumed AND present.worker IS NOT NULL", at="present.arrived_at",
        ),
        missing=_("not back"),
    ),
    Figure(
        "capacity", _("Capacity back"), "ratio", "enterprise", "work",
        _row("enterprise", "capacities", amount="current", whole="normal", at="capacities.at"),
        extras={
            "enterprises": (_("enterprises reporting"), "count(*)"),
            "questioned": (_("of them questioned"), "(SELECT count(*) FROM capacities JOIN questioned USING (fact))"),
        }, unit="yuan",
    ),
    Figure(
        "tests.before_work", _("Tested before work"), "ratio", "worker", "control",
        _row(
            "worker", _TO_TEST, hit="coalesce(tested.sampled_at >= coalesce(present.arrived_at, tested.sampled_at), false)",
            at="tested.sampled_at",
        ),
        extras={"enterprises": (_("enterprises"), _EMPLOYERS)}, missing=_("still to test"),
    ),
    Figure(
        "returned.non_local", _("Non-local workers brought back"), "count", "worker", "work",
        _row("worker", "returned", tags="returned.trips", at="returned.at"),
        extras={"buses": (_("buses"), "(SELECT count(DISTINCT bus) FROM returned, unnest(returned.buses) AS bus)")},
    ),
    Figure(
        "not_returned.hubei", _("Registered in Hubei and not yet returned"), "count", "worker", "work",
        _row(
            "worker",
            "households_away WHERE division LIKE '42%%'", at="households_away.at",
        ),
    ),
    Figure(
        "vacancies.reported", _("Vacancies reported"), "count", "enterprise", "work",
        _row("enterprise", "vacancies", amount="number", tags="ARRAY[post]", at="vacancies.since"),
        extras={"enterprises": (_("enterprises"), "count(DISTINCT subject)")},
    ),
    Figure(
        "visited.above_size", _("Enterprises above designated size visited"), "ratio", "enterprise", "work",
        _row("enterprise", "above_size LEFT JOIN visited USING (enterprise)", hit="visited.at IS NOT NULL",
             at="visited.at"),
        missing=_("not yet visited"),
    ),
    Figure(
        "documents.handed", _("Enterprises with policy documents in hand"), "ratio", "enterprise", "work",
        _row("enterprise", "enterprises LEFT JOIN handed USING (enterprise)", hit="handed.at IS NOT NULL", at="handed.at"),
        extras={"documents": (_("documents handed over"), "(SELECT coalesce(sum(documents), 0) FROM handed)")},
        missing=_("not yet handed any"),
    ),
    Figure(
        "service_teams", _("Service teams"), "count", "team", "work",
        _row("team", "service_teams", tags="service_teams.patches", at="service_teams.since"),
    ),
    Figure(
        "surveyed", _("Workers surveyed"), "ratio", "worker", "control",
        _row("worker", "workers LEFT JOIN surveyed USING (worker)", hit="surveyed.worker IS NOT NULL",
             at="surveyed.at"),
        missing=_("not surveyed"),
    ),
    Figure(
        "registers.today", _("Daily registers filed today"), "ratio", "worker", "control",
        _row(
            "worker", "workers JOIN present USING (worker) LEFT JOIN registered_today USING (worker) "
            "WHERE workers.resumed", hit="registered_today.worker IS NOT NULL",
        ),
        missing=_("registers missing"),
    ),
    Figure(
        "screened.today", _("Screened at doors today"), "count", "worker", "control",
        _row("worker", "screened_today", at="screened_today.at"),
    ),
    Figure(
        "fevers.today", _("Fevers today"), "count", "worker", "control",
        _row("worker", "fevers_today", amount="1", tags="ARRAY[celsius::text || ' ℃']", at="fevers_today.at"),
    ),
    Figure(
        "observation.current", _("In observation"), "count", "worker", "control",
        _row("worker", "observed", tags="array_remove(ARRAY[site::text, room], NULL)", at="observed.since"),
    ),
    Figure(
        "observation.sites", _("Observation sites"), "count", "site", "control",
        _row("site", "open_sites"),
    ),
    Figure(
        "observation.rooms", _("Observation rooms"), "count", "site", "control",
        _row("site", "rooms", tags="ARRAY[room]"),
    ),
    Figure(
        "observation.rooms_free", _("Observation rooms free"), "ratio", "site", "control",
        _row(
            "rooms.site", "rooms LEFT JOIN (SELECT DISTINCT site, room FROM observed) AS taken USING (site, room)",
            hit="taken.room IS NULL", tags="ARRAY[rooms.room]",
        ),
        missing=_("rooms taken"),
    ),
)  # fmt: skip

FIGURES: dict[str, Figure] = {figure.key: figure for figure in _ALL}
"""Every figure by its key; ``capacity.<short key>`` is the figure ``capacity`` of one enterprise."""
