"""From the filing to the fact that clearance reads, and back, under each way of filing; two open at a time can't be."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

import builders
from fugong.base import access
from fugong.clearance import acts
from fugong.clearance.models import WaitingAct
from fugong.core.time import PLUS_INF
from fugong.ledger.acts import Done, Waits
from fugong.ledger.models import Fact
from fugong.ledger.queries import holding, standing
from fugong.ledger.validation import FactError
from fugong.resumption import queries
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import BY_FILING, COMMITMENT, PERMIT, Condition, Filing, Step
from fugong.resumption.papers import COMMITMENTS
from fugong.resumption.services import filings, review
from fugong.resumption.services.filings import Said
from fugong.resumption.services.review import END, SUSPEND, Asked
from fugong.resumption.services.writing import By
from resumption.plants import DAY, NOW, TODAY, Plant, file, plant, ready, said

pytestmark = pytest.mark.django_db


def refused(act, *arguments, **more) -> str:
    """The code for which it is refused."""
    with pytest.raises(ResumptionError) as caught:
        act(*arguments, **more)
    return caught.value.code


def resumption(of: Plant, at: int) -> Fact | None:
    return holding(at).filter(subject_id=of.enterprise.pk, kind="resumption").first()


def approved(of: Plant, now: int = NOW) -> Filing:
    filing = file(of, now - 600)
    return review.approve(filing=filing.pk, enterprise=of.enterprise.pk, by=By(now, of.town.pk))


def stopped(of: Plant, how: str, now: int, reason: str = "隔离用房不足") -> Done | Waits:
    with access.acting(access.as_user(of.town)):
        return review.stop(enterprise=of.enterprise.pk, how=how, reason=reason, by=By(now, of.town.pk))


def history(filing: Filing) -> list[str]:
    return list(Step.objects.filter(filing=filing).order_by("at", "pk").values_list("what", flat=True))


def test_a_permit_begins_with_the_approval_and_clearance_turns():
    one = plant(PERMIT)
    ready(one)
    filing = file(one)
    assert filing.state == Filing.WAITING
    assert resumption(one, NOW) is None
    assert not one.may_work(NOW)
    term = NOW + 3 * DAY
    review.approve(
        filing=filing.pk, enterprise=one.enterprise.pk, conditions=[Asked("每日报体温", term), Asked("  ")], words="现场已看",
        by=By(NOW + 60, one.town.pk),
    )  # fmt: skip
    fact = resumption(one, NOW + 60)
    assert fact is not None
    assert (fact.values, fact.evidence, fact.actor_id) == ({"regime": "permit"}, f"filing:{filing.pk}", one.town.pk)
    assert resumption(one, NOW + 59) is None
    assert one.may_work(NOW + 60)
    assert not one.may_work(NOW + 59)
    assert list(Condition.objects.values_list("words", "due", "met_at")) == [("每日报体温", term, None)]
    assert history(filing) == ["filed", "approved"]


def test_work_that_is_filed_for_later_begins_then():
    one = plant(PERMIT)
    ready(one)
    filing = filings.file(enterprise=one.enterprise.pk, said=said(TODAY + 2 * DAY), by=By(NOW, one.clerk.pk))
    review.approve(filing=filing.pk, enterprise=one.enterprise.pk, by=By(NOW + 60, one.town.pk))
    assert resumption(one, TODAY + 2 * DAY - 1) is None
    assert resumption(one, TODAY + 2 * DAY) is not None


@pytest.mark.parametrize("regime", [BY_FILING, COMMITMENT])
def test_receipt_is_enough_where_the_town_says_so_and_the_clerk_states_nothing(regime):
    one = plant(regime)
    with access.acting(access.as_user(one.clerk)):
        filing = file(one)
        assert filing.state == Filing.IN_FORCE
    fact = resumption(one, NOW)
    assert fact is not None
    assert (fact.actor_id, fact.values["regime"]) == (None, regime)
    assert one.may_work(NOW)
    assert history(filing) == ["filed", "received"]
    filing.refresh_from_db()
    assert filing.checked_at is None
    review.check(filing=filing.pk, words="现场一致", by=By(NOW + 60, one.town.pk))
    assert refused(review.check, filing=filing.pk, words="再看", by=By(NOW + 90, one.town.pk)) == "resumption.checked"


def test_a_clerk_states_no_resumption_by_themselves():
    one = plant(PERMIT)
    with access.acting(access.as_user(one.clerk)), pytest.raises(FactError):
        builders.record(one.enterprise.pk, "resumption", NOW, {"regime": "permit"})


def test_what_is_missing_is_said_and_what_is_short_is_for_the_town_to_weigh():
    one = plant(PERMIT)
    ready(one, but=("materials_days",), isolation_rooms=1)
    with pytest.raises(ResumptionError) as caught:
        file(one)
    assert caught.value.code == "resumption.incomplete"
    assert caught.value.params["items"] == "防疫物资可用天数"
    ready(one, NOW - 60, materials_days=2)
    kept = {line["code"]: line for line in file(one).checklist}
    assert kept["materials_days"]["state"] == "short"
    assert kept["staff_list"] == {"code": "staff_list", "state": "enough", "value": True, "wanted": None, "drawn": True}


def test_what_was_said_must_be_whole():
    one = plant(PERMIT)
    ready(one)
    whole = {"starts": TODAY, "plan": "有", "commitments": list(COMMITMENTS), "signed_by": "林"}
    wrong = {
        "plan": (" ", "resumption.no_plan"), "commitments": (["truth"], "resumption.not_promised"),
        "signed_by": ("", "resumption.not_signed"), "starts": (TODAY - 1, "resumption.too_early"),
    }  # fmt: skip
    for name, (value, code) in wrong.items():
        given = Said(**(whole | {name: value}))
        found = refused(filings.file, enterprise=one.enterprise.pk, said=given, by=By(NOW, one.clerk.pk))
        assert found == code
    far = Said(**(whole | {"starts": NOW + 100 * DAY}))
    assert refused(filings.file, enterprise=one.enterprise.pk, said=far, by=By(NOW, None)) == "resumption.too_late"
    assert not Filing.objects.exists()


def test_a_second_open_filing_is_refused_in_words_and_by_the_database():
    one = plant(PERMIT)
    ready(one)
    filing = file(one)
    assert refused(file, one) == "resumption.open"
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.create(
            enterprise=one.enterprise, regime=PERMIT, state="suspended", starts=NOW, filed_at=NOW, changed_at=NOW
        )
    filings.take_back(filing=filing.pk, enterprise=one.enterprise.pk, by=By(NOW, one.clerk.pk))
    assert file(one).pk != filing.pk


def test_who_works_already_has_nothing_to_file():
    one = plant(PERMIT)
    ready(one)
    builders.record(one.enterprise.pk, "resumption", NOW - DAY)
    assert refused(file, one) == "resumption.already"


def test_nobody_approves_what_they_filed_themselves():
    one = plant(PERMIT)
    ready(one)
    filing = file(one, actor=one.town.pk)
    given = {"filing": filing.pk, "enterprise": one.enterprise.pk}
    assert refused(review.approve, **given, by=By(NOW, one.town.pk)) == "resumption.own"
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(approved_by=one.town, approved_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(state=Filing.IN_FORCE)


def test_a_filing_goes_back_and_forth_until_it_is_decided():
    one = plant(PERMIT)
    ready(one)
    filing = file(one)
    given = {"filing": filing.pk, "enterprise": one.enterprise.pk}
    assert refused(review.send_back, **given, words=" ", by=By(NOW, one.town.pk)) == "resumption.no_reason"
    review.send_back(**given, words="方案太短", by=By(NOW, one.town.pk))
    assert refused(review.approve, **given, by=By(NOW, one.town.pk)) == "resumption.other_state"
    filings.complete(**given, said=said(plan="更长的方案"), by=By(NOW + 5, one.clerk.pk))
    filing.refresh_from_db()
    assert (filing.state, filing.plan) == (Filing.WAITING, "更长的方案")
    review.refuse(**given, words="条件不足", by=By(NOW + 9, one.town.pk))
    assert refused(review.approve, **given, by=By(NOW + 10, one.town.pk)) == "resumption.other_state"
    assert history(filing) == ["filed", "returned", "completed", "refused"]
    assert resumption(one, NOW + 10) is None


def test_a_suspension_ends_the_fact_and_its_past_stays():
    one = plant(PERMIT)
    ready(one)
    filing = approved(one)
    assert isinstance(stopped(one, SUSPEND, NOW + 100), Done)
    filing.refresh_from_db()
    assert filing.state == Filing.SUSPENDED
    assert [one.may_work(NOW + at) for at in (0, 99, 100)] == [True, True, False]
    fact = standing().get(subject_id=one.enterprise.pk, kind="resumption")
    assert (fact.end, fact.reason, fact.actor_id) == (NOW + 100, "隔离用房不足", one.town.pk)
    review.lift(filing=filing.pk, enterprise=one.enterprise.pk, words="已补齐", by=By(NOW + 200, one.town.pk))
    assert [one.may_work(NOW + at) for at in (99, 150, 200)] == [True, False, True]
    stopped(one, END, NOW + 300)
    filing.refresh_from_db()
    assert filing.state == Filing.ENDED
    assert not one.may_work(NOW + 300)
    assert history(filing) == ["filed", "approved", "suspended", "lifted", "ended"]
    assert file(one, NOW + 400).state == Filing.WAITING


def test_when_it_stopped_may_be_earlier_than_the_town_knows():
    one = plant(PERMIT)
    ready(one)
    approved(one)
    with access.acting(access.as_user(one.town)):
        by = By(NOW + 500, one.town.pk)
        review.stop(enterprise=one.enterprise.pk, how=SUSPEND, reason="停工", by=by, at=NOW + 200)
    fact = standing().get(subject_id=one.enterprise.pk, kind="resumption")
    assert (fact.end, fact.recorded_at) == (NOW + 200, NOW + 500)


def test_what_has_not_begun_is_taken_back():
    one = plant(PERMIT)
    ready(one)
    filing = filings.file(enterprise=one.enterprise.pk, said=said(TODAY + 2 * DAY), by=By(NOW, one.clerk.pk))
    review.approve(filing=filing.pk, enterprise=one.enterprise.pk, by=By(NOW + 60, one.town.pk))
    stopped(one, END, NOW + 100)
    assert not standing().filter(subject_id=one.enterprise.pk, kind="resumption", end=PLUS_INF).exists()
    assert Fact.objects.filter(subject_id=one.enterprise.pk, kind="resumption", withdrawn=True).count() == 1


def test_stopping_many_waits_for_a_second_person(settings):
    settings.FUGONG_LOSS_LIMIT = 0
    one = plant(PERMIT)
    ready(one)
    filing = approved(one)
    waits = stopped(one, SUSPEND, NOW + 100)
    assert isinstance(waits, Waits)
    assert waits.people == 1
    filing.refresh_from_db()
    assert filing.state == Filing.IN_FORCE
    assert one.may_work(NOW + 100)
    assert WaitingAct.objects.get().summary == {"enterprise": str(one.enterprise.pk), "how": SUSPEND}
    other = builders.user("town_administrator", username="other")
    with access.acting(access.as_user(other)):
        acts.approve(act_id=waits.id, by=other.pk, now=NOW + 200)
    filing.refresh_from_db()
    assert filing.state == Filing.SUSPENDED
    assert [one.may_work(NOW + at) for at in (199, 200)] == [True, False]


def test_a_resumption_from_a_list_is_suspended_with_a_history_too():
    one = plant(PERMIT)
    builders.record(one.enterprise.pk, "resumption", NOW - DAY, {"regime": "filing"})
    stopped(one, SUSPEND, NOW)
    filing = Filing.objects.get()
    assert (filing.listed, filing.regime, filing.state, filing.starts) == (True, "filing", "suspended", NOW - DAY)
    assert history(filing) == ["listed", "suspended"]
    with pytest.raises(ResumptionError) as caught:
        stopped(one, SUSPEND, NOW + 5)
    assert caught.value.code == "resumption.not_working"


def test_a_condition_is_met_once_somebody_says_what_they_saw():
    one = plant(PERMIT)
    ready(one)
    filing = file(one)
    review.approve(
        filing=filing.pk, enterprise=one.enterprise.pk, conditions=[Asked("补一间隔离房", NOW)], by=By(NOW, one.town.pk)
    )
    condition = Condition.objects.get()
    for at, late in ((NOW, 0), (NOW + 1, 1)):
        assert queries.counts(one.town, at)["overdue"] == queries.listed(one.town, at, state="overdue").count() == late
    assert refused(review.meet, condition=condition.pk, words="", by=By(NOW, None)) == "resumption.condition_words"
    review.meet(condition=condition.pk, words="三楼 301", by=By(NOW + 9, one.town.pk))
    assert queries.counts(one.town, NOW + 9)["overdue"] == 0
    assert refused(review.meet, condition=condition.pk, words="x", by=By(NOW, None)) == "resumption.condition_met"
    assert history(filing)[-1] == "met"
