"""Surveying: rounds with who has not answered, answers that contradict, stays, and risk levels that change later."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.test import Client

import builders
from fugong.base import clock, local
from fugong.base.faults import Fault
from fugong.clearance import queries as clearance
from fugong.core.time import PLUS_INF
from fugong.journeys.models import Campaign
from fugong.journeys.survey import queries, services
from fugong.journeys.survey.phones import province_of
from fugong.journeys.survey.services import Answer
from fugong.ledger import queries as ledger
from fugong.notices.models import Delivery
from fugong.registry import services as registry
from fugong.registry.models import Worker
from journeys import coach
from journeys.coach import LEPING, NOW
from journeys.test_trip_pages import post, said, signed_in
from web import test_languages as languages
from web.pages import read

pytestmark = pytest.mark.django_db
TODAY = builders.DAY
WUHAN = "420100"


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return coach.plant(12)


@pytest.fixture
def clerk(here):
    return builders.user("enterprise_clerk", here.enterprise.pk)


def opened(here, first=TODAY, **more):
    given = {"title": "三月摸排", "enterprise": here.enterprise.pk, "last": TODAY + dt.timedelta(days=3)} | more
    return services.open_campaign(**given, first=first, now=NOW, actor=None)


def tell(worker, *, at=NOW, **more):
    given = {"whereabouts": "away", "division": LEPING, "well": True} | more
    return services.answer(worker=worker, said=Answer(**given), now=at, actor=None, own=True)


def refused(code, call, **given):
    with pytest.raises(Fault) as fault, transaction.atomic():
        call(**given)
    assert fault.value.code == code
    assert fault.value.in_language("zh-hans") != fault.value.in_language("en")


def test_who_has_not_answered_a_round_and_when_they_were_reminded(here, clerk):
    made = opened(here)
    first, second = here.workers[:2]
    assert queries.progress(made, clerk, NOW) == queries.Progress(12, 0)  # yesterday's surveys are of no round
    tell(first)
    assert queries.progress(made, clerk, NOW) == queries.Progress(12, 1)
    assert first not in {one.pk for one in queries.unanswered(made, clerk, NOW)}
    services.remind(campaign=made.pk, workers=[second], now=NOW, actor=None)
    assert Delivery.objects.get(notice__reason="survey").worker_id == second
    reminded = {one.pk: one.reminded for one in queries.unanswered(made, clerk, NOW)}
    assert reminded[second] == NOW
    assert set(reminded.values()) == {NOW, None}
    assert [one.pk for one in queries.open_for(second, [here.enterprise.pk], NOW)] == [made.pk]
    assert queries.open_for(first, [here.enterprise.pk], NOW) == []
    refused("campaign.times", opened, here=here, first=TODAY + dt.timedelta(days=9))
    refused("campaign.title", opened, here=here, title=" ")


def test_an_answer_is_a_survey_and_a_stay_that_goes_on_until_somebody_is_back(here):
    (worker,) = here.workers[:1]
    tell(worker, since=dt.date(2020, 2, 20), intended=TODAY + dt.timedelta(days=3), means="bus")
    survey = queries.latest(worker, NOW)
    assert survey.values == {
        "whereabouts": "away", "test_required": True, "origin_division": LEPING, "means": "bus", "well": True,
        "intended_on": "2020-03-12",
    }  # fmt: skip
    (stay,) = ledger.about([worker]).filter(kind="stay")
    assert (stay.start, stay.end) == (local.start_of_day(dt.date(2020, 2, 20)), PLUS_INF)
    tell(worker, at=NOW + 3600)  # said again: the stay is the same one
    assert ledger.about([worker]).filter(kind="stay").get().pk == stay.pk
    tell(worker, at=NOW + 7200, whereabouts="returned")
    (ended,) = ledger.about([worker]).filter(kind="stay")
    assert (ended.start, ended.supersedes_id) == (stay.start, stay.pk)
    assert ended.end == local.start_of_day(TODAY + dt.timedelta(days=1))
    refused("survey.origin", tell, worker=worker, division="")
    refused("survey.intended_past", tell, worker=worker, intended=dt.date(2020, 3, 1))
    refused("survey.whereabouts", tell, worker=worker, whereabouts="elsewhere")
    refused("survey.stay_future", tell, worker=worker, since=TODAY + dt.timedelta(days=1))


def test_answers_that_contradict_are_asked_again_until_there_is_another_answer(here, clerk):
    made = opened(here)
    late, local_one, phone, well = here.workers[:4]
    builders.survey(late, NOW - 86_400 * 5, whereabouts="away", test_required=True, intended_on="2020-03-07")
    builders.survey(late, NOW - 60, whereabouts="away", test_required=True, intended_on="2020-03-07")
    builders.survey(local_one, NOW - 60)
    builders.record(local_one, "stay", NOW - 86_400 * 9, {"division": WUHAN}, end=NOW - 86_400 * 5)
    builders.survey(well, NOW - 60, whereabouts="returned", test_required=True, contact=True)
    from fugong.base import personal

    Worker.objects.filter(pk=phone).update(
        phone_encrypted=personal.encrypt("02788880000"), address="福建省福州市长乐区金峰镇"
    )
    found = {(one.worker, one.code) for one in queries.contradictions(made, clerk, NOW)}
    assert found == {
        (late, "intended_past"), (local_one, "local_elsewhere"), (phone, "phone_elsewhere"), (well, "well_with_contact"),
    }  # fmt: skip
    Worker.objects.filter(pk__in=here.workers[2:]).update(phone_digest=b"the same")
    shared = {one.worker for one in queries.contradictions(made, clerk, NOW) if one.code == "shared_phone"}
    assert shared == set(here.workers[2:])
    services.remind(campaign=made.pk, workers=[late], code="intended_past", now=NOW, actor=None)
    assert queries.asked_again(late, NOW) == ["intended_past"]
    assert Delivery.objects.get(notice__reason="survey_again").worker_id == late
    tell(late, at=NOW + 60, intended=TODAY + dt.timedelta(days=1))
    assert queries.asked_again(late, NOW + 60) == []


def test_landlines_say_their_province_and_mobile_numbers_none():
    assert province_of("027-8888 0000") == "42"
    assert province_of("+86 591 8888000") == "35"
    assert province_of("0898 66660000") == "46"
    assert province_of("13900000000") is None
    assert province_of("12345") is None


def test_a_level_that_becomes_known_later_counts_for_the_days_before(here):
    """As of a past day and as known then nobody was in a high-risk area; as known now somebody was."""
    (worker,) = here.workers[:1]
    registry.add_division(code=WUHAN, name="武汉市")
    past, today = NOW - 10 * 86_400, NOW
    builders.survey(worker, past - 3600, whereabouts="away", test_required=True, origin_division=WUHAN)
    builders.record(worker, "stay", past - 5 * 86_400, {"division": WUHAN}, now=past - 3600)
    assert clearance.explained(worker, "board", past, known_at=past).holds
    administrator = builders.user("town_administrator")
    services.set_level(
        division=WUHAN, level="high", since=dt.date(2020, 1, 23), until=None, source="省指挥部通告", now=today,
        actor=administrator.pk,
    )  # fmt: skip
    assert clearance.explained(worker, "board", past, known_at=past).holds
    failing = {one.requirement for one in clearance.explained(worker, "board", past, known_at=today).failures}
    assert failing == {"not_in_high_risk_area"}
    assert clearance.failing(worker, "board", today + 60) == ("not_in_high_risk_area",)
    given = {"level": "low", "since": TODAY, "until": None, "now": NOW, "actor": administrator.pk}
    refused("risk_level.source", services.set_level, division=WUHAN, source=" ", **given)
    refused("risk_level.division", services.set_level, division="110000", source="x", **given)


def test_the_pages_of_a_round_and_of_ones_own_answer(here, clerk):
    client = signed_in(clerk)
    assert "said to close before it opens" in said(
        post(client, "/surveys/", title="春季", first="2020-03-09", last="2020-03-01")
    )
    assert "0 of 12 have answered" in said(
        post(client, "/surveys/", title="春季", first="2020-03-09", last="2020-03-12")
    )
    made = Campaign.objects.get()
    first, second = here.workers[:2]
    path = f"/surveys/{made.pk}/"
    assert "2 people are reminded by a notice" in said(post(client, path, worker=[first, second]))
    assert set(Delivery.objects.values_list("worker", flat=True)) == {first, second}
    assert "Choose at least one" in said(post(client, path))
    given = {"whereabouts": "away", "division": "江西省乐平市", "well": "yes", "contact": "no", "means": "bus"}
    assert "is written down" in said(post(client, f"{path}workers/{first}/", **given))
    assert "1 of 12 have answered" in said(client.get(path))
    mine = signed_in(builders.user("worker", second))
    assert "春季" in said(mine.get("/me/"))
    assert "Say where you are" in said(post(mine, "/me/survey/", **given | {"division": ""}))
    assert "Thank you" in said(post(mine, "/me/survey/", **given | {"intended": "2020-03-12"}))
    assert "please answer before" not in said(mine.get("/me/"))


def test_the_workers_card_shows_the_seat(here):
    trip = coach.trip(here)
    worker = here.workers[0]
    from fugong.journeys.trips import services as trips

    trips.book(trip=trip.pk, workers=[worker], stop=trip.stops.get(number=2).pk, now=NOW, actor=None)
    mine = signed_in(builders.user("worker", worker))
    assert "My seat for the way back" not in said(mine.get("/me/"))  # a draft is nobody's promise
    trips.release(trip=trip.pk, now=NOW, actor=here.dispatcher.pk)
    page = said(mine.get("/me/"))
    assert "My seat for the way back" in page
    for word in ("T1", "1A", "德兴", "一厂区"):
        assert word in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_surveying_speaks_one_language(here, clerk, language):
    made = opened(here)
    builders.survey(here.workers[0], NOW - 60, whereabouts="away", test_required=True, intended_on="2020-03-01")
    registry.add_division(code=WUHAN, name="武汉市")
    builders.record(
        registry.add_division(code="420200", name="黄石市").pk, "risk_level", NOW, {"level": "high", "source": "通告"}
    )
    worker = builders.user("worker", here.workers[0])
    services.remind(campaign=made.pk, workers=here.workers[:1], code="intended_past", now=NOW, actor=None)
    known = ["enterprise_clerk", "dispatcher", "三月摸排", *languages.data(), "江西省", "景德镇市", "乐平市", "湖北省"]
    wrong: list[str] = []

    def look(client: Client, path, **given):
        answer = client.post(path, given, follow=True) if given else client.get(path)
        assert answer.status_code in (200, 422), path
        words = languages.foreign_words(read(answer.content.decode()), language, known)
        wrong.extend(f"{path}: {word}" for word in words)

    desk, mine, dispatcher = (signed_in(user, language) for user in (clerk, worker, here.dispatcher))
    look(desk, "/surveys/", title="")
    look(desk, f"/surveys/{made.pk}/")
    look(desk, f"/surveys/{made.pk}/workers/{here.workers[1]}/", whereabouts="")
    look(mine, "/me/survey/", whereabouts="away", well="yes", contact="no")
    look(mine, "/me/")
    look(dispatcher, "/trips/risk-levels/", level="high")
    assert wrong == [], "\n".join(wrong)
