"""Many filings on paper at once, checked at once; output as a list brings it, also where nothing else follows from facts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base.ids import uuid7, uuid7_from
from fugong.ledger import services as ledger
from fugong.ledger.queries import holding
from fugong.registry import asked
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import BY_FILING, PERMIT, Filing, Question, Report, Step
from fugong.resumption.services import bulk, output
from fugong.resumption.services.bulk import Received
from fugong.resumption.services.output import Figures
from fugong.resumption.services.writing import By
from resumption.plants import DAY, NOW, TODAY, Plant, plant

pytestmark = pytest.mark.django_db


def received(one: Plant, *more) -> list[Received]:
    return [Received(key, TODAY + DAY, "方案", "林") for key in (one.enterprise.pk, *more)]


def test_who_filed_on_paper_may_work_and_the_plan_is_known():
    one = plant(BY_FILING)
    other = builders.enterprise(5, "另一家", resumed=False)
    made = bulk.receive(received=received(one, other.pk), by=By(NOW, one.town.pk))
    assert [filing.state for filing in made] == [Filing.IN_FORCE] * 2
    assert holding(TODAY + DAY).filter(kind="resumption").count() == 2
    assert not holding(TODAY + DAY - 1).filter(kind="resumption").exists()
    assert "prevention_plan" in asked.known([other.pk], NOW)[other.pk]
    assert bulk.checked(filings=[filing.pk for filing in made], words="一致", by=By(NOW + 60, one.town.pk)) == 2
    assert bulk.checked(filings=[filing.pk for filing in made], words="一致", by=By(NOW + 90, one.town.pk)) == 0
    assert list(Step.objects.filter(filing=made[0]).order_by("at", "pk").values_list("what", flat=True)) == [
        "filed", "received", "checked",
    ]  # fmt: skip
    with pytest.raises(ResumptionError) as caught:
        bulk.receive(received=received(one), by=By(NOW, None))
    assert caught.value.code == "resumption.open"


def test_a_filing_whose_fact_is_numbered_beforehand_has_the_same_id_each_time():
    one, fact = plant(BY_FILING), uuid7()
    (made,) = bulk.receive(received=[Received(one.enterprise.pk, TODAY, "方案", "林", fact)], by=By(NOW, None))
    assert made.pk == uuid7_from(fact, "filing")
    assert holding(NOW).get(kind="resumption").pk == fact


def test_under_a_permit_they_wait_and_more_make_no_more_queries():
    one = plant(PERMIT)
    counts = []
    for first, last in ((10, 11), (20, 24)):
        ids = [builders.enterprise(number, f"企业{number}", resumed=False).pk for number in range(first, last)]
        with CaptureQueriesContext(connection) as queries:
            made = bulk.receive(received=[Received(key, TODAY, "方案", "林") for key in ids], by=By(NOW, one.town.pk))
        counts.append(len(queries))
        assert {filing.state for filing in made} == {Filing.WAITING}
    assert counts[0] == counts[1]
    assert not holding(NOW).filter(kind="resumption").exists()


@pytest.mark.parametrize("later", [False, True])
def test_output_of_many_is_kept_once_and_asked_back(later):
    one = plant(BY_FILING)
    figures = [Figures(one.enterprise.pk, NOW - DAY, 500, 1000), Figures(one.enterprise.pk, NOW, 1600, 1000)]
    if later:
        with ledger.deferred():
            output.report_many(figures=figures, source="page", now=NOW, actor=None)
    else:
        output.report_many(figures=figures, source="page", now=NOW, actor=None)
    assert Report.objects.count() == 2
    assert sorted(Question.objects.values_list("code", flat=True)) == ["above_normal", "jump"]
