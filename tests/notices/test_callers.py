"""Other apps and notices: who is told what, when, and once."""

from __future__ import annotations

from uuid import UUID

import pytest

import builders
from fugong.base import local
from fugong.clearance import reminders as lapsing
from fugong.journeys.trips import services as trips
from fugong.journeys.trips import telling
from fugong.notices import audiences
from fugong.notices.models import Delivery, Notice
from fugong.notices.sending.letters import values_for
from fugong.notices.services import setup
from fugong.premises import reminders as register
from fugong.premises.dormitories import services as dormitories
from fugong.registry import services as registry
from fugong.registry.models import Worker
from fugong.sampling import reminders as tests
from notices.conftest import Time
from observation import sites
from premises import plant as premises
from tracing import workshop

pytestmark = pytest.mark.django_db
DAY = local.DAY


@pytest.fixture
def place(db: None, time: Time) -> builders.Place:
    return builders.place()


def test_close_contacts_are_told_in_the_transaction_that_confirms_them_and_once(time):
    from fugong.tracing.services import acts

    here = workshop.workshop()
    case = here.opened()
    assert Notice.objects.count() == 0
    acts.confirm(case=case.pk, contacts=here.ids(case, "mate"), reason="", now=workshop.NOW, actor=here.doctor.pk)
    (told,) = Delivery.objects.all()
    assert (told.worker_id, told.notice.reason) == (here.workers["mate"], "contact")
    acts.confirm(case=case.pk, contacts=here.ids(case, "mate"), reason="", now=workshop.NOW, actor=here.doctor.pk)
    assert Delivery.objects.count() == 1


def a_trip(place: builders.Place, departs: int):
    site = builders.registry.add_site(name="返岗厂区", enterprise=place.enterprise)
    made = trips.open_trip(
        code="G-12", mode="bus", origin_division="360281", site=site.pk, departs=departs, arrives=departs + 8 * 3_600,
        layout=trips.Layout(48, 12, 4), stops=[trips.Stop("汽车站", departs)], now=builders.NOW, actor=None,
    )  # fmt: skip
    people = list(Worker.objects.order_by("pk").values_list("pk", flat=True)[:2])
    trips.book(trip=made.pk, workers=people, now=builders.NOW, actor=None)
    trips.release(trip=made.pk, now=builders.NOW, actor=None)
    return made, people


def test_passengers_are_told_their_seats_by_the_button_and_the_evening_before(place, time):
    trip, people = a_trip(place, builders.NOW + DAY)
    assert telling.tell(trip=trip.pk, now=time.now, actor=place.users["town_administrator"].pk) == 2
    one = Delivery.objects.select_related("notice", "user").get(worker=people[0])
    values = values_for(one.notice, one)
    assert (values["place"], values["trip"], values["departs"]) == ("汽车站", "G-12", "3月10日 09:30")
    assert values["seat"]
    found = audiences.resolved("trip", trip.pk, maker=None, at=time.now)[0]
    assert set(found.values_list("pk", flat=True)) == set(people)
    evening = local.at(local.day_of(time.now), "16:00")
    assert telling.remind(evening) == {}  # the town has not switched it on
    setup.switch(name="bus", on=True, actor=None, now=time.now)
    assert telling.remind(time.now) == {}  # not in the morning
    assert telling.remind(evening) == telling.remind(evening + 900) == {"trips": 1, "people": 2}
    assert Notice.objects.filter(reason="bus").count() == 1
    assert Delivery.objects.filter(notice__reason="bus").count() == 2


def test_reminders_are_once_a_day_a_person_and_only_where_the_town_wants_them(place, time):
    noon = local.at(local.day_of(time.now), "16:00")
    modules = {"register": register, "test_due": tests, "lapsing": lapsing}
    for module in modules.values():
        assert module.remind(noon) == {}
    for name, module in modules.items():
        setup.switch(name=name, on=True, actor=None, now=time.now)
        first = module.remind(noon)["people"]
        assert module.remind(noon + 900)["people"] == first
        made = Delivery.objects.filter(notice__reason=name)
        assert made.count() == first
        assert made.values("worker").distinct().count() == first
    assert Delivery.objects.filter(notice__reason="register").exists()
    builders.register(Delivery.objects.filter(notice__reason="register").first().worker_id, noon)
    tomorrow = register.remind(noon + DAY)["people"]
    assert Notice.objects.filter(reason="register").count() == 2
    assert tomorrow > 0


def test_whose_clearance_lapses_by_tomorrow_is_an_audience(place, time):
    found = audiences.resolved("lapsing", None, maker=None, at=time.now)[0]
    clerk = place.users["enterprise_clerk"]
    mine = audiences.resolved("lapsing_of", place.enterprise.pk, maker=clerk, at=time.now)[0]
    assert set(found.values_list("pk", flat=True)) >= set(mine.values_list("pk", flat=True))
    offered = {one.name for one in audiences.offered(clerk)}
    assert offered >= {"enterprise", "lapsing_of", "dormitory"}
    assert not offered & {"town", "patch", "trip", "observation", "clerks"}


def test_a_patch_an_enterprise_a_dormitory_and_an_observation_site_are_audiences_of_whoever_is_there_now(time):
    firm = premises.plant(3)
    hotel = sites.hotel(firm.enterprise)
    one, two, _three = firm.people
    patch = registry.add_patch(name="城东片区")
    there = builders.workers(builders.enterprise(2, "城东鞋厂", patch=patch), 2, first=20)
    premises.sleeps(one, firm.beds["101/1"])
    was = premises.sleeps(two, firm.beds["101/2"])
    dormitories.leave(lodgings=[was], at=builders.NOW, by=premises.by())
    sites.present(hotel, two, "101/1")

    def people(audience: str, of: UUID) -> set[UUID]:
        found, logins = audiences.resolved(audience, of, maker=None, at=builders.NOW)
        assert not logins
        return set(found.values_list("pk", flat=True))

    assert people("patch", patch.pk) == set(there)
    assert people("enterprise", firm.enterprise.pk) == set(firm.people)
    assert (people("dormitory", firm.site.pk), people("observation", hotel.site.pk)) == ({one}, {two})
