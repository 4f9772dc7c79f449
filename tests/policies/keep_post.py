"""The keep-post subsidy's people: whoever is made here meets every condition, but those that a test says otherwise."""

from __future__ import annotations

from uuid import UUID

import builders
from fugong.base import local
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.policies.language.reading import shipped
from fugong.policies.models import Measure
from fugong.policies.services import measures
from fugong.registry.models import Enterprise

KEY = "fuzhou-2020-22-keep-post"
TEXT = shipped()[KEY]
RESUMED = local.at(local.date(2020, 2, 28), "08:00")
"""Friday; the tenth working day after it is Friday, 13 March 2020."""
NOW = builders.NOW
CONDITIONS = ("registered_in_hubei", "went_home", "told_to_delay", "post_kept", "insured")


def month(number: int) -> int:
    """The beginning of a month of 2020."""
    return local.start_of_day(local.date(2020, number, 1))


def take(text: str = TEXT, now: int = builders.EARLY) -> Measure:
    """Bring the measure into use."""
    return measures.take(text=text, now=now, actor=None)


def enterprise(number: int = 1, name: str = "临江纺织有限公司", *, resumed: bool = True) -> Enterprise:
    """An enterprise that works again since a Friday."""
    made = builders.enterprise(number, name, resumed=False)
    if resumed:
        builders.record(made.pk, "resumption", RESUMED, {"regime": "filing"})
    return made


def facts(worker: UUID, without: str = "", unknown: str = "") -> list[NewFact]:
    """Facts of somebody who meets everything but ``without`` (it is known not to hold) and ``unknown`` (nobody said)."""
    early, home = builders.EARLY, "350112" if without == "registered_in_hubei" else "421100"
    insured = [(1, 3)] if without == "insured" else [(1, 4)]
    found = {
        "registered_in_hubei": [NewFact(worker, "household", early, {"division": home})],
        "went_home": [
            NewFact(worker, "survey", early, {"whereabouts": "local", "test_required": False})
            if without == "went_home"
            else NewFact(
                worker, "survey", early, {"whereabouts": "away", "test_required": True, "origin_division": "421100"}
            )
        ],
        "insured": [
            NewFact(worker, "social_insurance", month(first), {}, end=month(after)) for first, after in insured
        ],
    }
    for item in ("told_to_delay", "post_kept"):
        found[item] = [NewFact(worker, "evidence_of_person", early, {"item": item, "holds": without != item})]
    return [fact for name, some in found.items() if name != unknown for fact in some]


def write(told: list[NewFact]) -> None:
    """Append facts, as known now."""
    ledger.append(facts=told, source="import:x", evidence="a paper", now=NOW)


def people(of: Enterprise, number: int, first: int = 0) -> list[UUID]:
    """So many people of an enterprise who meet everything."""
    made = builders.workers(of, number, first)
    write([fact for one in made for fact in facts(one)])
    return made
