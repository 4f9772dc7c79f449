"""A demo town for a whole test module, and what tests do in it: add people, enterprises and facts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from stdnum.cn import uscc

from fugong import scenario
from fugong.base import local
from fugong.base.ids import uuid7
from fugong.ledger import services as ledger
from fugong.ledger.kinds import KINDS
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.registry.bulk import NewEmployment, NewWorker, write_employments, write_workers
from fugong.registry.models import Enterprise
from fugong.registry.services import add_enterprise
from fugong.reports.queries import Value, figures
from fugong.scenario.recipe import Recipe, read

HOUR, DAY = 3600, 86_400


@contextmanager
def loaded(name: str, seed: int = 2020) -> Iterator[Town]:
    """The town in a transaction that is rolled back in the end."""
    with transaction.atomic():
        scenario.load(name, seed=seed, password="a password of the tests")
        connection.check_constraints()  # once: else every test that ends looks at all of the town's rows again
        yield Town(read(name))
        transaction.set_rollback(True)


class Town:
    """A loaded town, at the moment of its recipe."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.moment = local.from_datetime(recipe.moment)
        self._numbers = iter(range(1, 10_000))

    def figures(self, as_of: int | None = None, known_at: int | None = None) -> dict[str, Value]:
        """All figures, as of the moment and as then known unless it is said otherwise."""
        return figures(as_of=as_of or self.moment, known_at=known_at or self.moment)

    def value(self, key: str, **moments: int) -> dict[str, Any]:
        """One figure as programs get it."""
        return self.figures(**moments)[key].as_json()

    def fact(self, subject: UUID, kind: str, start: int, values: dict[str, Any] | None = None, *,
             end: int | None = None, now: int | None = None, supersedes: UUID | None = None) -> UUID:  # fmt: skip
        """A fact, recorded a minute before the moment, or when it begins where it can't be known before."""
        number = uuid7()
        reason = "corrected in a test" if supersedes else ""
        fact = NewFact(subject, kind, start, values or {}, end, number, supersedes, reason=reason)
        soonest = self.moment - 60 if KINDS[kind].ahead else start
        with ledger.deferred():
            ledger.append(facts=[fact], source="test", evidence="a paper", now=now or max(self.moment - 60, soonest))
        return number

    def withdraw(self, fact: Fact, now: int) -> None:
        """Take a fact back."""
        with ledger.deferred():
            ledger.correct(
                fact_id=fact.pk,
                replacement=None,
                reason="withdrawn in a test",
                source="test",
                evidence="a paper",
                now=now,
            )

    def enterprise(self, industry: str = "industrial", *, division: str | None = None, start: int | None = None,
                   trade: str = "industry", yuan: int = 100_000) -> Enterprise:  # fmt: skip
        """A new enterprise of the town, small unless its turnover says otherwise."""
        number = next(self._numbers)
        code = f"91{self.recipe.town.code[:6]}MAT{number:06}"
        enterprise = add_enterprise(
            credit_code=code + uscc.calc_check_digit(code), name=f"新办企业{number}", key=f"new-{number}", industry=industry,
            division=division or self.recipe.town.code, now=self.moment - DAY, start=start, source="test",
        )  # fmt: skip
        year = local.at(local.date(2020, 1, 1), "00:00")
        self.fact(enterprise.pk, "turnover", year, {"yuan": yuan, "trade": trade, "employees": 3})
        return enterprise

    def worker(self, employer: UUID, *, left: int | None = None, household: str | None = None,
               number: str | None = None, whereabouts: str | None = "local", test_required: bool = False) -> UUID:  # fmt: skip
        """A new worker of an enterprise, surveyed a week ago unless ``whereabouts`` is None."""
        worker = uuid7()
        document = number or f"T{next(self._numbers):07}"
        write_workers([NewWorker(worker, "测试员工", documents=(("resident" if number else "other", document),))])
        long_ago = self.moment - 400 * DAY
        fact = self.fact(worker, "employment", long_ago, {"employer": str(employer)}, end=left)
        write_employments([NewEmployment(worker, employer, fact, long_ago, active=left is None)])
        if household:
            self.fact(worker, "household", long_ago, {"division": household})
        if whereabouts:
            self.survey(worker, whereabouts, self.moment - 7 * DAY, test_required=test_required)
        return worker

    def survey(self, worker: UUID, whereabouts: str, at: int, *, test_required: bool = False) -> UUID:
        """Somebody is surveyed."""
        return self.fact(worker, "survey", at, {"whereabouts": whereabouts, "test_required": test_required})

    def test(
        self, worker: UUID, sampled: int, reported: int, *, result: str = "negative", now: int | None = None
    ) -> UUID:
        """Somebody is tested."""
        values = {"result": result, "method": "nucleic_acid", "sampled_at": sampled, "reported_at": reported}
        return self.fact(worker, "test", sampled, values, now=now)

    def large(self, industry: str) -> Enterprise:
        """An enterprise above designated size that was not there before."""
        trade = {"industrial": "industry", "commercial": "retail", "service": "service"}[industry]
        return self.enterprise(industry, trade=trade, yuan=90_000_000)
