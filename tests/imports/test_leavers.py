"""Leavers leave, whatever has become of the fact that their employment was first written down in."""

from __future__ import annotations

import pytest

import builders
from fugong.ledger import queries, services
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.registry.models import Employment
from fugong.registry.roster.services import end_employments

pytestmark = pytest.mark.django_db
NOW = builders.NOW


def test_a_corrected_and_a_withdrawn_employment_can_be_ended():
    firm = builders.enterprise()
    plain, corrected, withdrawn = workers = builders.workers(firm, 3)
    facts = {fact.subject_id: fact for fact in Fact.objects.filter(kind="employment")}
    values = {"employer": str(firm.pk), "workshop": "二车间"}
    services.correct(
        fact_id=facts[corrected].pk, replacement=NewFact(corrected, "employment", builders.EARLY + 60, values),
        reason="another workshop", source="test", evidence="a paper", now=NOW - 60,
    )  # fmt: skip
    services.correct(
        fact_id=facts[withdrawn].pk, replacement=None, reason="never came", source="test", evidence="a paper", now=NOW - 60
    )  # fmt: skip
    assert end_employments(enterprise=firm, workers=workers, at=NOW, reason="left", now=NOW) == 3
    assert not Employment.objects.filter(active=True).exists()
    standing = {fact.subject_id: fact for fact in queries.about(workers).filter(kind="employment")}
    assert {worker: fact.end for worker, fact in standing.items()} == {plain: NOW, corrected: NOW}
    assert standing[corrected].values == values
    stored = dict(Employment.objects.values_list("worker_id", "fact_id"))
    assert {worker: stored[worker] for worker in standing} == {worker: fact.pk for worker, fact in standing.items()}
    assert end_employments(enterprise=firm, workers=workers, at=NOW, reason="left", now=NOW) == 0


def test_the_employment_at_another_enterprise_goes_on():
    firm, other = builders.enterprise(), builders.enterprise(2, "南山精工有限公司")
    (worker,) = builders.workers(firm, 1)
    builders.record(worker, "employment", builders.EARLY + 60, {"employer": str(other.pk)})
    end_employments(enterprise=firm, workers=[worker], at=NOW, reason="left", now=NOW)
    (open_one,) = queries.about([worker]).filter(kind="employment", end__gt=NOW)
    assert open_one.values["employer"] == str(other.pk)
