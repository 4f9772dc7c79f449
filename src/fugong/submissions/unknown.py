"""Whom the not-yet-returned list can't judge: they are away, but where they are registered nobody has said.

They are not on the list, which goes by what is known; they are counted beside it, and their enterprise is asked for it: with
the roster, which has a column for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fugong.base.faults import Text
from fugong.core.time import PLUS_INF
from fugong.ledger.queries import STANDING
from fugong.registry.asked import Evidence, Question, Reason, Wanted
from fugong.registry.models import Enterprise, Town

ITEM = "people_household"
_LATEST = "f.start DESC, f.recorded_at DESC, f.id DESC"
_AWAY = f"""
WITH staff AS MATERIALIZED (
  SELECT e.enterprise_id AS enterprise, e.worker_id AS worker FROM registry_employment AS e
  WHERE e.active AND {{whose}} AND NOT EXISTS (
    SELECT 1 FROM ledger_fact AS f WHERE f.subject_id = e.worker_id AND f.kind = 'household' AND f.start <= %(as_of)s
      AND f."end" > %(as_of)s AND {STANDING}))
SELECT staff.enterprise, count(*) FROM staff
JOIN LATERAL (
  SELECT f.start AS at, f.values->>'whereabouts' AS whereabouts FROM ledger_fact AS f
  WHERE f.subject_id = staff.worker AND f.kind = 'survey' AND f.start <= %(as_of)s AND {STANDING}
  ORDER BY {_LATEST} LIMIT 1) AS survey ON survey.whereabouts = 'away'
WHERE NOT EXISTS (
  SELECT 1 FROM ledger_fact AS f WHERE f.subject_id = staff.worker AND f.kind = 'arrival' AND f.start <= %(as_of)s
    AND f.start >= survey.at AND {STANDING})
GROUP BY staff.enterprise ORDER BY count(*) DESC, staff.enterprise
"""
_GIVEN = _AWAY.format(whose="e.enterprise_id = ANY(%(enterprises)s)")
_IN_TOWN = _AWAY.format(
    whose=f"""e.enterprise_id IN (
    SELECT f.subject_id FROM ledger_fact AS f
    WHERE f.kind = 'establishment' AND f.values->>'division' LIKE %(town)s || '%%' AND f.start <= %(as_of)s
      AND f."end" > %(as_of)s AND {STANDING})"""
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """An enterprise, and how many of its people are away whose registration nobody has said."""

    enterprise: Enterprise
    people: int


def in_town(at: int) -> list[Unknown]:
    """The town's enterprises that have to be asked, those with most people first: two queries."""
    town = Town.objects.values_list("division__code", flat=True).first() or "-"
    found = _counted(_IN_TOWN, at, town=town)
    firms = Enterprise.objects.in_bulk(list(found))
    return [Unknown(firms[key], number) for key, number in found.items() if key in firms]


def _counted(sql: str, at: int, **given: Any) -> dict[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"as_of": at, "known_at": PLUS_INF} | given)
        return {enterprise: int(number) for enterprise, number in cursor.fetchall()}


def _asking(number: int) -> str:
    words = ngettext(
        "Where is %(number)s person registered who is away? Fill in the column “household registration” of the roster.",
        "Where are %(number)s people registered who are away? Fill in the column “household registration” of the roster.",
        number,
    )
    return words % {"number": number}


_title = lazy(_asking, str)


def source(enterprises: Sequence[UUID], at: int, known: Evidence) -> Mapping[UUID, Iterable[Wanted]]:
    """What the list still needs to know of these enterprises' people (``registry.asked``): one query."""
    why = Reason(_("for the not-yet-returned list and its subsidy"), _("lists upward"))
    return {
        key: [_wanted(key, number, why, at)]
        for key, number in _counted(_GIVEN, at, enterprises=list(enterprises)).items()
    }


def _wanted(enterprise: UUID, number: int, why: Reason, at: int) -> Wanted:
    title: Text = _title(number)
    question = Question(ITEM, title, "flag", hint=_("Of those who are not in the file nothing changes."))
    # Answered person by person with the roster, never as a whole.
    return Wanted(question, why, since=at, address=reverse("uploads:roster", args=[enterprise]))
