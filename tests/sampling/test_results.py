"""From swab to fact: single tubes, pools, what a pool that isn't negative holds, and what puts it right."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

import builders as b
from fugong.base.faults import Fault
from fugong.ledger.models import Fact
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Order, Tube, TubeMember
from fugong.sampling.services import orders, results, tubes
from fugong.sampling.services.orders import Wanted
from sampling.clinic import DAY, NOW, Clinic, clinic, clock, known_tests, results_of, works

pytestmark = pytest.mark.django_db
EVENING, NEXT_DAY = clock("20:00"), clock("09:00", 1)


@pytest.fixture
def town() -> Clinic:
    return clinic()


@pytest.fixture
def cleared() -> Clinic:
    """Three who were tested two days ago and may work."""
    return clinic(tested=3)


def test_a_single_tubes_result_is_its_persons_and_counts_from_the_report(town: Clinic) -> None:
    one, other, _third = town.workers
    tube = town.tube(one)
    assert not works(one, EVENING)
    assert town.report(tube, "negative", EVENING) == "stored"
    (fact,) = known_tests(one)
    assert fact.values["specimen"] == tube.barcode and "pool" not in fact.values
    assert (fact.start, fact.values["reported_at"]) == (NOW, EVENING)
    assert not works(one, EVENING - 1) and works(one, EVENING)
    assert known_tests(other) == [] and Order.objects.get(worker=one).state == Order.RESULTED


def test_a_negative_pool_is_negative_for_each_of_its_members_and_for_nobody_else(town: Clinic) -> None:
    *pooled, out = town.workers
    tube = town.tube(*pooled)
    town.report(tube, "negative", EVENING)
    assert [works(one, EVENING) for one in town.workers] == [True, True, False]
    facts = [known_tests(one)[0].values for one in pooled]
    assert [(one["specimen"], one["pool"]) for one in facts] == [(tube.barcode, 5)] * 2 and known_tests(out) == []


@pytest.mark.parametrize("result", ["positive", "inconclusive"])
def test_a_pool_that_is_not_negative_holds_everybody_in_it_despite_an_older_negative(
    cleared: Clinic, result: str
) -> None:
    *pooled, out = cleared.workers
    assert all(works(one, NOW) for one in cleared.workers)
    tube = cleared.tube(*pooled)
    cleared.report(tube, result, EVENING)
    assert [works(one, EVENING) for one in cleared.workers] == [False, False, True]
    assert [results_of(one) for one in pooled] == [["negative", "inconclusive"]] * 2  # nobody is positive by a pool
    asked = Order.objects.filter(why=Order.POOL).order_by("worker")
    assert {one.worker_id for one in asked} == set(pooled)
    assert all(one.single and one.urgent and one.pool_id == tube.pk and one.deadline == EVENING + DAY for one in asked)
    assert not Order.objects.filter(worker=out).exists()


def test_later_single_results_put_right_what_the_pool_said(cleared: Clinic) -> None:
    well, ill, _out = cleared.workers
    cleared.report(cleared.tube(well, ill), "positive", EVENING)
    held = {one: known_tests(one)[-1] for one in (well, ill)}
    swabs = {one: cleared.tube(one, at=EVENING + 600) for one in (well, ill)}
    assert not works(well, NEXT_DAY)
    cleared.report(swabs[well], "negative", NEXT_DAY)
    cleared.report(swabs[ill], "positive", NEXT_DAY)
    assert works(well, NEXT_DAY) and not works(ill, NEXT_DAY)
    assert results_of(well) == ["negative", "negative"] and results_of(ill) == ["negative", "positive"]
    for one in (well, ill):
        newest = known_tests(one)[-1]
        assert (newest.supersedes_id, newest.reason) == (held[one].pk, results.AFTER_POOL)
        assert newest.values["specimen"] == swabs[one].barcode and "pool" not in newest.values
    assert Fact.objects.filter(kind="test", values__result="positive").count() == 1


def test_an_unclear_single_result_asks_for_another_one(town: Clinic) -> None:
    one = town.workers[0]
    town.report(town.tube(one), "inconclusive", EVENING)
    again = Order.objects.get(worker=one, state=Order.OPEN)
    assert (again.why, again.single, again.urgent) == (Order.UNCLEAR, True, True)
    town.report(town.tube(one, at=EVENING + 600), "negative", NEXT_DAY)
    assert results_of(one) == ["negative"] and known_tests(one)[0].reason == results.AFTER_UNCLEAR
    assert works(one, NEXT_DAY)


def test_a_result_that_comes_twice_is_stored_once_and_another_one_is_refused(town: Clinic) -> None:
    one = town.workers[0]
    tube = town.tube(one)
    assert [town.report(tube, said, EVENING) for said in ("negative", "negative")] == ["stored", "unchanged"]
    refused = town.report(tube, "positive", EVENING)
    assert isinstance(refused, Fault) and refused.code == "result.contradicts"
    assert results_of(one) == ["negative"]
    assert "阴性" in refused.in_language("zh-hans") and "negative" in refused.in_language("en")


def test_what_the_laboratory_cannot_know_is_refused(town: Clinic) -> None:
    one, other, third = town.workers
    filling = tubes.open_tube(barcode="OPEN-1", size=5, site=town.site, now=NOW, actor=town.staff.pk)
    tubes.add(tube=filling.pk, workers=[one], now=NOW, actor=town.staff.pk)
    early, broken = town.tube(other, at=EVENING), town.tube(third)
    tubes.spoil(tube=broken.pk, reason="漏液", now=NOW)
    cases = [(filling, EVENING), (early, EVENING - 1), (broken, EVENING)]
    refused = [town.report(tube, "negative", at) for tube, at in cases]
    assert [one.code for one in refused if isinstance(one, Fault)] == [
        "result.not_closed", "result.early", "result.spoiled",
    ]  # fmt: skip
    future = results.record(
        reported=[results.Reported(early.pk, "negative", NEXT_DAY)], now=EVENING, actor=None, evidence="x"
    )
    assert isinstance(future[0], Fault) and future[0].code == "result.future"
    assert not Fact.objects.filter(kind="test").exists()


def test_a_wrong_result_is_corrected_with_a_reason_and_both_stay_readable(town: Clinic) -> None:
    one, other, _third = town.workers
    tube = town.tube(one, other)
    town.report(tube, "negative", EVENING)
    with pytest.raises(SamplingError, match="理由"):
        results.correct(tube=tube.pk, result="positive", reason=" ", now=NEXT_DAY, actor=town.staff.pk)
    results.correct(tube=tube.pk, result="positive", reason="读板有误", now=NEXT_DAY, actor=town.staff.pk)
    assert not works(one, NEXT_DAY) and results_of(one) == ["inconclusive"]
    assert Fact.objects.filter(subject_id=one, kind="test").count() == 2
    assert Order.objects.filter(pool=tube, state=Order.OPEN).count() == 2
    # One of them was tested alone meanwhile; then the pool turns out to have been negative after all.
    town.report(town.tube(one, at=NEXT_DAY), "positive", NEXT_DAY + 3600)
    results.correct(tube=tube.pk, result="negative", reason="复核为阴性", now=NEXT_DAY + 7200, actor=town.staff.pk)
    assert results_of(one) == ["positive"] and results_of(other) == ["negative"]
    assert works(other, NEXT_DAY + 7200) and not works(one, NEXT_DAY + 7200)
    assert Order.objects.get(worker=other, pool=tube).state == Order.CANCELLED
    assert Tube.objects.get(pk=tube.pk).result == "negative"


def test_correcting_to_the_same_or_before_there_is_a_result_is_refused(town: Clinic) -> None:
    tube = town.tube(town.workers[0])
    for expected in ("result.no_result", "result.same"):
        with pytest.raises(SamplingError) as refused:
            results.correct(tube=tube.pk, result="negative", reason="x", now=EVENING, actor=town.staff.pk)
        assert refused.value.code == expected
        town.report(tube, "negative", EVENING)


def test_who_must_not_be_pooled_by_the_pack_or_by_the_order_gets_a_tube_of_their_own(town: Clinic) -> None:
    fevered, ordered, plain = town.workers
    b.record(fevered, "temperature", NOW - DAY, {"celsius": 38.1, "place": "home", "method": "ear"})
    orders.order(wanted=[Wanted(ordered, Order.CONTACT, single=True)], now=NOW, actor=None)
    for one in (fevered, ordered):
        with pytest.raises(SamplingError) as refused:
            town.tube(one, plain)
        assert refused.value.code == "tube.single_only"
        assert "fever" not in refused.value.in_language("en")  # said before a queue
        town.tube(one)
    assert TubeMember.objects.count() == 2


def test_sizes_are_those_of_the_pack(town: Clinic) -> None:
    with pytest.raises(SamplingError) as refused:
        tubes.open_tube(barcode="T-0001", size=3, site=town.site, now=NOW, actor=None)
    assert refused.value.code == "tube.size" and "1, 5, 10, 20" in refused.value.message


def test_a_tube_takes_nobody_twice_nobody_too_many_and_nobody_after_it_was_closed(town: Clinic) -> None:
    one, other, third = town.workers
    single = tubes.open_tube(barcode="T-0001", size=1, site=town.site, now=NOW, actor=None)
    with pytest.raises(SamplingError, match="T-0001"):
        tubes.close(tube=single.pk, now=NOW)  # nobody in it
    tubes.add(tube=single.pk, workers=[one], now=NOW, actor=None)
    for worker, code in ((one, "tube.twice"), (other, "tube.full")):
        with pytest.raises(SamplingError) as refused:
            tubes.add(tube=single.pk, workers=[worker], now=NOW, actor=None)
        assert refused.value.code == code
    with pytest.raises(SamplingError) as elsewhere:
        town.tube(one, third)
    assert elsewhere.value.code == "order.sampled" and "T-0001" in elsewhere.value.message
    tubes.close(tube=single.pk, now=NOW)
    with pytest.raises(SamplingError) as closed:
        tubes.take_out(tube=single.pk, worker=one, now=NOW)
    assert closed.value.code == "tube.not_open"
    for barcode, code in (("t-0001", "tube.barcode_taken"), ("??", "tube.barcode"), ("FG123456780", "tube.barcode")):
        with pytest.raises(SamplingError) as wrong:
            tubes.open_tube(barcode=barcode, size=1, site=town.site, now=NOW, actor=None)
        assert wrong.value.code == code


def test_the_database_itself_keeps_tubes_within_their_size_and_people_within_their_orders(town: Clinic) -> None:
    one, other, third = town.workers
    tube = tubes.open_tube(barcode="T-0001", size=1, site=town.site, now=NOW, actor=None)
    (member,) = tubes.add(tube=tube.pk, workers=[one], now=NOW, actor=None)
    (ordered,) = orders.order(wanted=[Wanted(other, Order.ASKED)], now=NOW, actor=None)
    rows = {
        "no_more_than_the_tube_is_for": {"size": 1, "place": 1, "worker_id": other, "order": ordered},
        "one_swab_a_place": {"size": 1, "place": 0, "worker_id": other, "order": ordered},
        "member_within_the_tube": {"size": 5, "place": 1, "worker_id": other, "order": ordered},
        "member_of_the_orders_worker": {"size": 1, "place": 0, "worker_id": third, "order": ordered},
        "one_tube_an_order": {"size": 1, "place": 0, "worker_id": one, "order": member.order},
    }
    for constraint, values in rows.items():
        into = tube
        if constraint in ("member_of_the_orders_worker", "one_tube_an_order"):
            into = tubes.open_tube(barcode=town.barcode(), size=1, site=town.site, now=NOW, actor=None)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            TubeMember.objects.create(tube=into, at=NOW, **values)
    tubes.close(tube=tube.pk, now=NOW)
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        TubeMember.objects.create(tube=tube, size=1, place=0, worker_id=other, order=ordered, at=NOW)
    with pytest.raises(IntegrityError, match="one_order_under_way"), transaction.atomic():
        Order.objects.create(worker_id=other, why="asked", not_before=NOW, created_at=NOW, changed_at=NOW)


def test_a_spoiled_tube_has_no_result_and_its_people_are_called_again(town: Clinic) -> None:
    one, other, _third = town.workers
    tube = town.tube(one, other)
    with pytest.raises(SamplingError, match="问题"):
        tubes.spoil(tube=tube.pk, reason="", now=NOW)
    tubes.spoil(tube=tube.pk, reason="运送途中破损", now=NOW)
    assert list(Order.objects.values_list("state", "urgent")) == [("open", True)] * 2
    town.report(town.tube(one, other, at=NOW + 600), "negative", EVENING)
    assert works(one, EVENING) and works(other, EVENING)


def test_who_was_added_by_mistake_is_taken_out_again(town: Clinic) -> None:
    one, other, _third = town.workers
    tube = tubes.open_tube(barcode="T-0001", size=5, site=town.site, now=NOW, actor=None)
    tubes.add(tube=tube.pk, workers=[one, other], now=NOW, actor=None)
    tubes.take_out(tube=tube.pk, worker=one, now=NOW)
    assert dict(Order.objects.values_list("worker", "state")) == {one: "open", other: "sampled"}
    tubes.add(tube=tube.pk, workers=[one], now=NOW, actor=None)
    assert sorted(TubeMember.objects.values_list("place", flat=True)) == [0, 1]


def test_a_list_of_tubes_goes_in_as_a_whole_or_not_at_all(town: Clinic) -> None:
    one, other, third = town.workers
    right = [tubes.Sample("L-0001", [one, other], 5, NOW - 60), tubes.Sample("L-0002", [third], 1, NOW)]
    wrong = {
        "tube.barcode_taken": [right[0], tubes.Sample("l-0001", [third], 1, NOW)],
        "tube.twice": [right[0], tubes.Sample("L-0003", [one], 1, NOW)],
        "tube.full": [tubes.Sample("L-0003", [one, other], 1, NOW)],
        "tube.empty": [right[0], tubes.Sample("L-0003", [], 1, NOW)],
        "tube.size": [tubes.Sample("L-0003", [one], 7, NOW)],
    }
    for code, samples in wrong.items():
        with pytest.raises(SamplingError) as refused:
            tubes.sample(samples=samples, site=town.site, now=NOW, actor=None)
        assert refused.value.code == code and not Tube.objects.exists(), code
    made = tubes.sample(samples=right, site=town.site, now=NOW, actor=None)
    assert [(tube.state, tube.sampled_at) for tube in made] == [(Tube.CLOSED, NOW - 60), (Tube.CLOSED, NOW)]
    assert set(Order.objects.values_list("state", flat=True)) == {Order.SAMPLED}
    with pytest.raises(SamplingError) as again:
        tubes.sample(samples=[tubes.Sample("L-0009", [one], 1, NOW)], site=town.site, now=NOW, actor=None)
    assert again.value.code == "order.sampled"
