"""The town's page: the two hands side by side, as of any moment; and the list behind every figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base import clock, local, searching
from fugong.base.access import actor, requires
from fugong.base.paging import SIZE
from fugong.base.templatetags.fugong import for_input
from fugong.clearance import waiting as acts_waiting
from fugong.doors import overrides
from fugong.redress.queries import waiting
from fugong.reports import queries
from fugong.reports.beginning import steps
from fugong.reports.figures import FIGURES, Figure
from fugong.reports.queries import Members, Number, Part, Value

PARTS: dict[str, str | Promise] = {"denominator": gettext_lazy("all")}
PAGES = {"worker": "clearance:worker", "enterprise": "clearance:enterprise"}
"""Where a row of a list leads, by whom it is about."""


@dataclass(frozen=True, slots=True)
class Moments:
    """The two moments of the page: what was true ``as_of``, as it was known at ``known_at``; and what is wrong with them."""

    as_of: int
    known_at: int
    typed: dict[str, str]
    errors: dict[str, str]

    @property
    def query(self) -> str:
        """Both moments for the address of a list; empty for the present."""
        return urlencode({name: text for name, text in self.typed.items() if text})


def _moments(request: HttpRequest) -> Moments:
    """What the inputs say; the present where they are empty."""
    now = clock.now()
    typed, errors, values = {}, {}, {}
    for name in ("as_of", "known_at"):
        typed[name] = request.GET.get(name, "").strip()
        values[name] = now
        if typed[name]:
            try:
                values[name] = local.parse(typed[name])
            except ValueError:
                errors[name] = _("Please give date and time, for example 2020-03-09 18:00.")
    return Moments(values["as_of"], values["known_at"], typed, errors)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the page shows it: its key (the short key of an enterprise included) and its value."""

    key: str
    title: str | Promise
    value: Value

    @property
    def figure(self) -> Figure:
        """The figure itself."""
        return self.value.figure

    @property
    def extras(self) -> list[tuple[str | Promise, Number]]:
        """Further numbers with their titles."""
        return [(self.figure.extras[name][0], number) for name, number in self.value.extras.items()]


@requires("town.read")
def town(request: HttpRequest) -> HttpResponse:
    """The figures of both hands, each with its numerator and denominator, each leading to its list."""
    moments = _moments(request)
    values = queries.figures(as_of=moments.as_of, known_at=moments.known_at)
    shown = [Shown(key, value.figure.title, value) for key, value in values.items() if key in FIGURES]
    context = {
        "moments": moments, "as_of": for_input(moments.as_of), "known_at": for_input(moments.known_at),
        "control": [one for one in shown if one.figure.hand == "control"],
        "work": [one for one in shown if one.figure.hand == "work"],
        "steps": steps() if actor(request).may("town.write") else [],
        "overrides": overrides.counts(moments.as_of, known_at=moments.known_at),
        "waiting": waiting(clock.now()) if actor(request).may("redress.answer") else None,
        "open": [one for one in shown if one.figure.missing and one.value.missing > 0 and _is_task(one.figure)],
    }  # fmt: skip
    context["power"] = acts_waiting.box()
    return render(request, "reports/town.html", context, status=422 if moments.errors else 200)


def _is_task(figure: Figure) -> bool:
    """Whether what is missing is for somebody to do (a room that is taken is not)."""
    return figure.key != "observation.rooms_free" and figure.unit == "number"


@requires("town.read")
@searching.searched("as_of", "known_at", "part")
def figure(request: HttpRequest, key: str) -> HttpResponse:
    """The list behind a figure: its numerator, its denominator, or what is missing between them."""
    moments = _moments(request)
    try:
        value = queries.figures(as_of=moments.as_of, known_at=moments.known_at, keys=[key.split(".", maxsplit=1)[0]
                                if key.startswith("capacity.") else key])[key]  # fmt: skip
    except KeyError:
        raise Http404 from None
    part = request.GET.get("part", "numerator")
    if part not in ("numerator", "denominator", "missing") or value.denominator is None:
        part = "numerator"
    text = searching.text(request)
    page, members = _page(request, key, moments, cast(Part, part), text)
    context: dict[str, Any] = {
        "key": key, "title": queries.title_of(key), "value": Shown(key, "", value), "part": part, "q": text,
        "moments": moments, "page": page, "members": members, "target": PAGES.get(value.figure.subject, ""),
        "at": str(moments.as_of) if moments.typed["as_of"] and value.figure.subject == "worker" else "",
        "amounts": any(row.whole != 1 for row in members.rows),
        "moments_known": any(row.at is not None for row in members.rows),
        "employers_known": any(row.employers for row in members.rows),
        "tags_known": any(row.tags for row in members.rows),
    }  # fmt: skip
    return render(request, "reports/figure.html", context)


def _page(request: HttpRequest, key: str, moments: Moments, part: Part, text: str) -> tuple[Page[int], Members]:
    """One page of the list, which comes with the number of all its rows."""
    number = request.GET.get("page", "1")
    wanted = int(number) if number.isdigit() and 1 <= int(number) < 1_000_000 else 1

    def fetch(which: int) -> Members:
        return queries.members(
            key, as_of=moments.as_of, known_at=moments.known_at, part=part, search=text, limit=SIZE,
            offset=(which - 1) * SIZE,
        )  # fmt: skip

    members = fetch(wanted)
    page = Paginator(range(members.total), SIZE).get_page(wanted)
    return page, members if page.number == wanted else fetch(page.number)
