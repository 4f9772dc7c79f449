"""A town with a sampling site and an enterprise whose people are here: what tests of sampling begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import builders as b
from fugong.base import local
from fugong.base.models import User
from fugong.clearance import queries as clearance
from fugong.ledger.models import Fact
from fugong.ledger.queries import standing
from fugong.registry import services as registry
from fugong.registry.models import Enterprise
from fugong.sampling.models import Tube
from fugong.sampling.services import results, slots, tubes
from fugong.sampling.services.results import Reported

NOW = b.NOW
DAY = 86_400


def clock(text: str, days: int = 0) -> int:
    """A local clock time on the day of ``NOW``, or some days later."""
    return local.at(local.day_after(b.DAY, days), text)


@dataclass
class Clinic:
    """``staff`` takes samples; ``workers`` are surveyed, registered today, and need a test before they work."""

    site: UUID
    enterprise: Enterprise
    staff: User
    workers: list[UUID] = field(default_factory=list)
    made: int = 0

    def barcode(self) -> str:
        """Another barcode from a roll of labels."""
        self.made += 1
        return f"LAB-{self.made:04d}"

    def tube(self, *people: UUID, size: int = 0, at: int = NOW) -> Tube:
        """A closed tube with these people in it: single for one, else a pool."""
        fits = size or (1 if len(people) == 1 else next(one for one in (5, 10, 20) if one >= len(people)))
        said = tubes.Sample(self.barcode(), people, fits, at)
        return tubes.sample(samples=[said], site=self.site, now=at, actor=self.staff.pk)[0]

    def report(self, tube: Tube, result: str, at: int) -> object:
        """The laboratory's word; what came of it."""
        said = [Reported(tube.pk, result, at)]
        return results.record(reported=said, now=at, actor=self.staff.pk, evidence="a report")[0]


def clinic(people: int = 3, *, tested: int = 0) -> Clinic:
    """The town at ``NOW``; the first ``tested`` of them had a negative result the day before yesterday."""
    b.town()
    b.adopt()
    site = registry.add_site(name="镇卫生院采样点")
    b.record(site.pk, "site_open", b.EARLY, {"purpose": "sampling"})
    made = Clinic(site.pk, b.enterprise(), b.user("sampling_staff"))
    made.workers = b.workers(made.enterprise, people)
    for number, worker in enumerate(made.workers):
        b.survey(worker, whereabouts="returned", test_required=True)
        if number < tested:
            b.sampled(worker, NOW - 2 * DAY, NOW - 2 * DAY + 7 * 3600)
        b.register(worker, clock("07:00"))
        b.register(worker, clock("07:00", 1) - DAY)
    return made


def quarter_hours(site: UUID, first: str, last: str, places: int, days: int = 0) -> list[UUID]:
    """Slots of 15 minutes."""
    made = slots.offer_day(site=site, first=clock(first, days), last=clock(last, days), minutes=15, places=places)
    return [one.pk for one in made]


def works(worker: UUID, at: int) -> bool:
    """Whether they may work at a moment, as far as tests go: what is stored, less what a door settles."""
    missing = clearance.failing(worker, "work", at)
    assert missing is not None
    return not {"tested", "result_clear", "no_infection"} & set(missing)


def known_tests(worker: UUID) -> list[Fact]:
    """Their standing test facts, by when they were sampled."""
    return list(standing().filter(subject_id=worker, kind="test").order_by("start", "recorded_at"))


def results_of(worker: UUID) -> list[str]:
    """What their standing test facts say."""
    return [fact.values["result"] for fact in known_tests(worker)]
