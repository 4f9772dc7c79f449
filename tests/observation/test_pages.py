"""Pages of observation sites: what each role sees and does there."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.ledger.queries import standing
from fugong.observation import forecast
from fugong.observation.models import Entry, Room, Staff, Stay
from fugong.observation.services import leaving
from fugong.observation.services.leaving import Leaving
from fugong.registry import services as registry
from observation.sites import DAY, HOUR, NOW, by, hotel, kept, present

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return hotel()


@pytest.fixture
def people(place):
    return builders.workers(place.enterprise, 3)


def signed_in(place, role, language="en", scope=None):
    town = ("town_administrator", "deputy")
    client = Client()
    client.force_login(builders.user(role, scope or (None if role in town else place.site.pk), f"{role}-{uuid7()}"))
    client.cookies["django_language"] = language
    return client


def text(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.content.decode().split())


def board(place, role):
    return text(signed_in(place, role).get(f"/observation/{place.site.pk}/"))


def test_the_board_masks_names_and_shows_health_to_medics_only(place, people):
    builders.record(people[0], "temperature", NOW - 2 * DAY, {"celsius": 36.8, "place": "observation"})
    present(place, people[0], "101/1", NOW - 3 * DAY)
    name = builders.name(0)
    for role in ("observation_medic", "site_cadre", "site_police", "town_administrator"):
        shown = board(place, role)
        assert name not in shown
        assert f"{name[0]} *" in shown
        assert "day 4 of 14" in shown
        assert ("36.8 ℃" in shown) == ("missing" in shown) == (role == "observation_medic")
    for role in ("deputy",):
        assert signed_in(place, role).get(f"/observation/{place.site.pk}/").status_code == 403


def entries(client, place, *sent):
    address = f"/observation/{place.site.pk}/round/entries/"
    answer = client.post(address, json.dumps(sent), content_type="application/json")
    assert answer.status_code == 200
    return [(one["status"], one["message"]) for one in answer.json()["entries"]]


def test_a_tablet_sends_what_it_kept_and_is_told_of_each(place, people):
    stay = present(place, people[0], "101/1", NOW - DAY)
    medic = signed_in(place, "observation_medic")
    good = {
        "id": str(uuid7()),
        "stay": str(stay.pk),
        "at": NOW - 60,
        "celsius": 36.7,
        "symptoms": ["cough"],
        "absent": False,
    }
    wrong = good | {"id": str(uuid7()), "celsius": 367}
    assert [one[0] for one in entries(medic, place, good, wrong, "nothing", {"id": 7})] == [
        "stored", "refused", "refused", "refused",
    ]  # fmt: skip
    assert entries(medic, place, good) == [("already", "")]
    assert "36.7" in entries(medic, place, wrong)[0][1]
    assert standing().filter(subject=people[0], kind="temperature").count() == 1
    address = f"/observation/{place.site.pk}/round/entries/"
    assert medic.post(address, b"\xff", content_type="application/json").status_code == 422
    assert signed_in(place, "site_cadre").post(address, "[]", content_type="application/json").status_code == 403


def test_a_sheet_is_typed_in_in_the_same_order_and_once(place, people):
    first, second = present(place, people[0], "102/1", NOW - DAY), present(place, people[1], "101/1", NOW - DAY)
    medic = signed_in(place, "observation_medic")
    address = f"/observation/{place.site.pk}/round/paper/"
    shown = text(medic.get(address))
    assert shown.index(f"celsius-{second.pk}") < shown.index(f"celsius-{first.pk}")
    listed = {f"listed-{one.pk}": "1" for one in (first, second)}
    sheet = {
        "batch": str(uuid7()),
        "at": "2020-03-09T08:10",
        f"celsius-{first.pk}": "367",
        f"celsius-{second.pk}": "不知道",
        **listed,
    }
    refused = text(medic.post(address, sheet), 422)
    assert "1 entry is stored." in refused
    assert "不知道 ℃ cannot be" in refused
    sheet[f"celsius-{second.pk}"] = "36，9"
    assert medic.post(address, sheet).status_code == 302
    taken = dict(standing().filter(kind="temperature").values_list("subject", "values__celsius"))
    assert taken == {people[0]: 36.7, people[1]: 36.9}
    assert "Nothing was typed." in text(medic.post(address, {"batch": str(uuid7()), **listed}))


def test_papers_are_set_also_with_names_that_have_no_glyph(place, people):
    from fugong.registry.models import Worker

    Worker.objects.filter(pk=people[0]).update(name="𠮷田")
    stay = present(place, people[0], "101/1", NOW - 15 * DAY, days=20)
    medic = signed_in(place, "observation_medic", "zh-hans")
    sheet = medic.get(f"/observation/{place.site.pk}/round/sheet.pdf")
    assert sheet.content.startswith(b"%PDF-")
    certificate = f"/observation/stays/{stay.pk}/certificate.pdf"
    assert medic.get(certificate).status_code == 404
    builders.survey(people[0])
    leaving.leave(leaving=[Leaving(stay.pk, NOW)], by=by())
    assert medic.get(certificate).content.startswith(b"%PDF-")
    own = signed_in(place, "worker", scope=people[0])
    assert own.get("/me/observation/certificate.pdf").content.startswith(b"%PDF-")
    assert "/me/observation/certificate.pdf" in text(own.get("/me/"))


def test_what_the_certificate_says_in_both_languages(place, people):
    from fugong.observation import printing

    stay = present(place, people[0], "101/1", NOW - 14 * DAY, days=20)
    builders.survey(people[0])
    leaving.leave(leaving=[Leaving(stay.pk, NOW)], by=by())
    done = Stay.objects.select_related("worker", "site", "room").get(pk=stay.pk)
    both = [
        printing._in(language, lambda: printing._certified(done, "····1234", NOW)) for language in ("zh-hans", "en")
    ]
    assert "医学观察 14 天" in both[0]["words"]
    assert "for 14 days" in both[1]["words"]
    assert both[0]["lines"][0] == ["姓名", builders.name(0)]
    assert [title for title, _value in both[1]["lines"]][:2] == ["Full name", "Document"]


def test_the_desk_writes_down_who_came_and_who_works_there(place, people):
    stay = present(place, people[0], "101/1", NOW - DAY)
    cadre = signed_in(place, "site_cadre")
    book, staff = f"/observation/{place.site.pk}/book/", f"/observation/{place.site.pk}/staff/"
    line = {"kind": "delivery", "who": "王大海", "words": "两箱水", "stay": str(stay.pk)}
    assert "Type who came." in text(cadre.post(book, line | {"who": " "}), 422)
    assert cadre.post(book, line).status_code == 302
    shown = text(cadre.get(book))
    assert "王 * 海" in shown
    assert "王大海" not in shown
    assert b"\xe7\x8e\x8b" not in bytes(Entry.objects.get().who_encrypted)
    assert (
        cadre.post(staff, {"group": "health", "name": "李护士", "phone": "138 0000 1234", "leads": "1"}).status_code
        == 302
    )
    assert "…1234" in text(cadre.get(staff))
    assert cadre.post(staff, {"leaves": str(Staff.objects.get().pk)}).status_code == 302
    assert "李护士" not in text(cadre.get(staff))
    assert "Choose one of the five groups." in text(cadre.post(staff, {"group": "x", "name": "y"}), 422)


def test_the_town_opens_a_site_keeps_a_bed_and_closes_a_room(place, people):
    town = signed_in(place, "town_administrator")
    made = town.post("/observation/new/", {"name": "城南观察点", "rooms": "201\n202 2 F2 医\n\n203, 女"})
    site = Room.objects.get(name="201").site
    assert made.headers["Location"] == f"/observation/{site.pk}/"
    rooms = [
        (one.name, one.floor, one.medical, one.sex, one.beds.count())
        for one in Room.objects.filter(site=site).order_by("order")
    ]
    assert rooms == [("201", 1, False, "", 1), ("202", 2, True, "", 2), ("203", 1, False, "f", 1)]
    assert "201 is already there" in text(town.post(f"/observation/{site.pk}/rooms/", {"rooms": "201"}), 422)
    found = town.post(f"/observation/{place.site.pk}/keep/", {"q": builders.name(1)}, follow=True)
    assert str(people[1]) in text(found)
    keeping = {
        "worker": str(people[1]),
        "bed": str(place.beds["101/1"]),
        "start": "2020-03-10T14:00",
        "end": "2020-03-25T08:00",
    }
    assert town.post(f"/observation/{place.site.pk}/keep/", keeping).status_code == 302
    again = text(town.post(f"/observation/{place.site.pk}/keep/", keeping | {"worker": str(people[2])}), 422)
    assert "Bed 1 of room 101 is taken or being cleaned" in again
    room = Room.objects.get(site=place.site, name="101")
    closing = {"close": str(room.pk), "at": "2020-03-20T12:00", "reason": "水管"}
    assert "Room 101 can&#x27;t be closed then" in text(town.post(f"/observation/{place.site.pk}/rooms/", closing), 422)


def test_a_cadre_checks_in_and_moves_and_is_told_no_reasons(place, people):
    stay = kept(place, people[0], "101/1", NOW - HOUR)
    builders.record(people[0], "contact", NOW - DAY)
    cadre = signed_in(place, "site_cadre")
    page = f"/observation/stays/{stay}/"
    assert "Check in" in text(cadre.get(page))
    assert cadre.post(page, {"do": "check_in", "at": "2020-03-09T09:00"}).status_code == 302
    moved = cadre.post(page, {"do": "move", "bed": str(place.beds["103/1"]), "reason": "漏水"})
    assert moved.status_code == 302 and moved.headers["Location"] != page
    shown = text(cadre.get(moved.headers["Location"]))
    assert "not yet, by the protocol" in shown
    assert "your observation is not complete" not in shown
    refused = text(cadre.post(moved.headers["Location"], {"do": "leave", "how": "released"}), 422)
    assert "observation is not complete" in refused
    other = hotel(place.enterprise, "另一宾馆")
    away = cadre.post(moved.headers["Location"], {"do": "move", "bed": str(other.beds["101/1"]), "reason": "x"})
    assert "Ask the town" in text(away, 422)


def test_the_card_says_my_room_and_my_days_left(place, people):
    present(place, people[0], "101/1", NOW - 3 * DAY)
    shown = text(signed_in(place, "worker", scope=people[0]).get("/me/"))
    assert "My room" in shown
    assert "临江宾馆 · 101" in shown
    assert "<strong>11</strong>" in shown
    assert "My room" not in text(signed_in(place, "worker", scope=people[1]).get("/me/"))


def test_the_forecast_counts_ends_plans_and_who_is_on_the_way(place, people):
    present(place, people[0], "101/1", NOW - 12 * DAY)
    kept(place, people[1], "102/1", NOW + 3 * DAY)
    division = registry.add_division(code="420000", name="湖北省")
    builders.record(division.pk, "risk_level", NOW - 30 * DAY, {"level": "high"})
    seat = {"trip": "G1", "from_division": "420100", "seat": "1A"}
    for worker, day in ((people[2], 2), (people[1], 3)):
        builders.record(worker, "booking", NOW + day * DAY - 6 * HOUR, seat, end=NOW + day * DAY, now=NOW)
    days = forecast.days(NOW)
    assert [(one.present, one.kept, one.coming) for one in days[:5]] == [
        (1, 0, 0), (1, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 1),
    ]  # fmt: skip
    assert (days[0].offered, days[3].free) == (4, 2)
    shown = text(signed_in(place, "deputy").get("/observation/"))
    assert "1 of 4 places taken, 2 free" in shown


def test_a_room_that_was_disinfected_enough_is_free_at_once(place, people):
    stay = present(place, people[0], "101/1", NOW - 2 * DAY)
    leaving.leave(leaving=[Leaving(stay.pk, NOW - HOUR, Stay.EARLY, "x")], by=by())
    cadre, page = signed_in(place, "site_cadre"), f"/observation/{place.site.pk}/cleaning/"
    done = {
        "room": str(stay.room_id),
        "agent": "含氯消毒剂",
        "mg_per_litre": "300",
        "minutes": "30",
        "who": "防控消毒组",
    }
    assert "asks for 500 to 1000 mg/L and at least 30 minutes" in text(cadre.post(page, done), 422)
    assert "are numbers" in text(cadre.post(page, done | {"minutes": "x"}), 422)
    assert cadre.post(page, done | {"mg_per_litre": "600"}).status_code == 302
    assert "No room waits to be cleaned." in text(cadre.get(page))
    told = standing().get(kind="disinfection", subject=place.site.pk).values
    assert (told["place"], told["mg_per_litre"], told["by"]) == ("101", 600, "防控消毒组")
    kept(place, people[1], "101/1", NOW)


def test_the_board_makes_no_more_queries_when_it_has_more_people(place, people):
    present(place, people[0], "101/1", NOW - DAY)
    medic, address = signed_in(place, "observation_medic"), f"/observation/{place.site.pk}/"

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert medic.get(address).status_code == 200
        return len(queries)

    asked()
    few = asked()
    present(place, people[1], "102/1", NOW - DAY)
    kept(place, people[2], "103/1", NOW + HOUR)
    assert asked() <= few
