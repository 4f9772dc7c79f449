"""An enterprise's page: how far its workers have come, who may work, who won't tomorrow, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base import clock, searching
from fugong.base.access import actor, looked_at, requires
from fugong.base.paging import page_of
from fugong.clearance import evaluation, overview
from fugong.clearance.overview import STAGES, Person
from fugong.core.protocol.pack import Requirement
from fugong.registry.queries import enterprise_of

STAGE_TITLES: dict[str, str | Promise] = {
    "surveyed": _("surveyed"),
    "planned": _("seat booked"),
    "in_transit": _("on the way"),
    "here": _("arrived"),
    "tested": _("tested negative"),
    "cleared": _("may work"),
    "inside": _("at work today"),
}
STATE_WORDS: dict[str, str | Promise] = {
    "ok": _("may work"),
    "soon": _("lapses soon"),
    "no": _("may not work"),
    "none": _("not evaluated"),
}


ORDER = {"soon": 0, "no": 1, "none": 2, "ok": 3}
"""In the list, whoever needs something done comes first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A worker in the list: state, word, and the requirements behind it."""

    person: Person
    state: str
    word: str | Promise
    reasons: list[Requirement]

    @property
    def more(self) -> bool:
        """Whether there are others beside the first."""
        return len(self.reasons) > 1


@requires("enterprise.read")
@searching.searched("stage", "state")
def enterprise(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """The enterprise at a glance."""
    now = clock.now()
    shift = overview.next_shift(now)
    found = enterprise_of(actor(request), enterprise_id)
    everybody = overview.people(enterprise_id, now)
    chosen = _Filters(request, shift)
    kept = [person for person in everybody if chosen.keep(person)]
    page = page_of(request, sorted(kept, key=lambda person: ORDER[person.state(shift)]))
    looked_at(person.worker for person in page)
    reasons = overview.reasons(list(page), now, shift)
    counts = overview.stage_counts(everybody)
    states = Counter[str](person.state(shift) for person in everybody)
    context = {
        "enterprise": found, "now": now, "shift": shift, "total": len(everybody), "page": page,
        "stages": [(name, STAGE_TITLES[name], counts[name]) for name in STAGES],
        "states": [(name, word, states[name]) for name, word in STATE_WORDS.items() if states[name] or name != "none"],
        "lapsing": states["soon"], "force": evaluation.force_at(now), "filters": chosen,
        "rows": [_row(person, shift, reasons) for person in page],
        "may_write": actor(request).may("roster.write"), "may_adopt": actor(request).may("protocol.adopt"),
        "may_give_login": actor(request).may("login.write"),
    }  # fmt: skip
    return render(request, "clearance/enterprise.html", context)


@requires("enterprise.read")
def lapsing(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Why clearances end before tomorrow's shift, by how many: a part of the page, fetched after it."""
    now = clock.now()
    shift = overview.next_shift(now)
    enterprise_of(actor(request), enterprise_id)
    soon = [person for person in overview.people(enterprise_id, now) if person.state(shift) == "soon"]
    counted: Counter[str] = Counter()
    titles: dict[str, Any] = {}
    for requirements in overview.reasons(soon, now, shift).values():
        for requirement in requirements[:1]:
            counted[requirement.name] += 1
            titles[requirement.name] = requirement.title
    context = {"counts": [(titles[name], number) for name, number in counted.most_common()]}
    return render(request, "clearance/lapsing.html", context)


def _row(person: Person, shift: int, reasons: dict[UUID, list[Requirement]]) -> Row:
    state = person.state(shift)
    return Row(person, state, STATE_WORDS[state], reasons.get(person.worker, []))


class _Filters:
    """What the filter row asks for: a step, a state, part of a name or its initials."""

    def __init__(self, request: HttpRequest, shift: int) -> None:
        stage, state = request.GET.get("stage", ""), request.GET.get("state", "")
        self.stage = stage if stage in STAGES else ""
        self.stage_title = STAGE_TITLES.get(self.stage, "")
        self.state = state if state in STATE_WORDS else ""
        self.text = searching.text(request)
        self.shift = shift

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return bool(self.stage or self.state or self.text)

    def keep(self, person: Person) -> bool:
        """Whether the list shows this worker."""
        return (
            (not self.stage or STAGES[self.stage](person))
            and (not self.state or person.state(self.shift) == self.state)
            and (not self.text or self._meant(person))
        )

    def _meant(self, person: Person) -> bool:
        typed = self.text.lower()
        return typed in person.name.lower() or person.initials.startswith(typed) or person.tail == self.text.upper()
