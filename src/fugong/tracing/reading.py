"""The facts that the rules look at: the case's own, and of everybody else's those that could be near it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fugong.core.protocol.operations import Contacts
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.registry.models import Employment
from fugong.registry.queries import names_of
from fugong.tracing.rules import MINUTE, ONE_TRIP, Known, Names, Sought

OWN = ("employment", "dormitory", "canteen_seat", "boarding", "crew", "arrival", "door_check")


def facts_for(sought: Sought, rule: Contacts) -> list[Known]:
    """What is known of the case, and of those who share something of it, as far as the pack asks for it."""
    own = [
        one for one in _known(standing().filter(subject_id=sought.worker, kind__in=OWN, start__lte=sought.until))
        if sought.touches(one) or one.kind in ("boarding", "crew", "arrival")
    ]  # fmt: skip
    others = standing().exclude(subject_id=sought.worker)
    wanted = [*_states(own, rule), *_trips(own), *_doors(own, sought, rule)]
    found = [fact for kind, where in wanted for fact in _known(others.filter(where, kind=kind))]
    if rule.workshop and any(one.kind == "door_check" and one.text("direction") == "in" for one in own):
        found += _passages(found, sought)
    return [*own, *found]


def _known(rows: QuerySet[Fact]) -> list[Known]:
    return [Known(*row) for row in rows.values_list("subject_id", "kind", "start", "end", "values")]


def _states(own: Iterable[Known], rule: Contacts) -> list[tuple[str, Q]]:
    """States that say the same as one of the case's: room, table, workshop."""
    named = {"employment": ("employer", "workshop") if rule.workshop else (), "canteen_seat": ("site", "table")}
    if not rule.canteen_table:
        named["canteen_seat"] = ()
    named["dormitory"] = () if rule.dormitory == "none" else ("site", "name")
    found = []
    for fact in own:
        names = [name for name in named.get(fact.kind, ()) if fact.text(name)]
        if names:
            same = Q(**{f"values__{name}": fact.values[name] for name in names})
            if fact.kind != "employment" and not fact.text("site"):  # another enterprise has an A block too
                same &= Q(subject_id__in=_colleagues(own))
            found.append((fact.kind, same & Q(start__lt=fact.end, end__gt=fact.start)))
    return found


def _colleagues(own: Iterable[Known]) -> Any:
    """Whoever works for an employer of the case's, or did."""
    employers = [UUID(one.text("employer")) for one in own if one.kind == "employment" and one.text("employer")]
    return Employment.objects.filter(enterprise__in=employers).values("worker")


def _trips(own: Iterable[Known]) -> list[tuple[str, Q]]:
    """Who got on the same trips, and when they arrived."""
    found = []
    for fact in own:
        if fact.kind in ("boarding", "crew"):
            near = Q(start__gt=fact.start - ONE_TRIP, start__lt=fact.start + ONE_TRIP)
            later = Q(start__gt=fact.start - ONE_TRIP, start__lt=fact.start + 4 * ONE_TRIP)
            same = Q(values__trip=fact.values["trip"])
            found += [("boarding", same & near), ("crew", same & near), ("arrival", same & later)]
    return found


def _doors(own: Iterable[Known], sought: Sought, rule: Contacts) -> list[tuple[str, Q]]:
    """Who went through the same doors within the minutes that the pack says."""
    seconds = rule.door_minutes * MINUTE
    near = [
        Q(values__door=one.values["door"], start__gte=one.start - seconds, start__lte=one.start + seconds)
        for one in own
        if seconds and one.kind == "door_check" and sought.touches(one)
    ]
    return [("door_check", reduce(or_, near))] if near else []


def _passages(found: Sequence[Known], sought: Sought) -> list[Known]:
    """All door checks of those of the same workshop."""
    mates = {one.subject for one in found if one.kind == "employment"}
    rows = standing().filter(
        subject_id__in=mates, kind="door_check", start__gte=sought.first, start__lte=sought.until
    )  # fmt: skip
    return _known(rows)


def names_for(facts: Iterable[Known]) -> Names:
    """The names of the enterprises, sites and doors that the facts speak of."""
    kinds = {"employer": "subject", "site": "subject", "door": "door"}
    return names_of(
        (kind, str(fact.values[name])) for fact in facts for name, kind in kinds.items() if fact.values.get(name)
    )
