"""Pages of dormitories, rounds, disinfections, canteens and stores: what each role sees and does there."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base import clock, local
from fugong.base.ids import uuid7
from fugong.doors.passes import services as passes
from fugong.ledger.queries import standing
from fugong.premises.canteen import services as canteen
from fugong.premises.dormitories import rounds
from fugong.premises.dormitories.services import NewRoom
from fugong.premises.hygiene import services as hygiene
from fugong.premises.models import Absence, Cleaning, Lodging, Movement, Room, Stock
from premises.plant import DAY, NOW, by, plant, sleeps, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return plant(6, rooms=(NewRoom("101", 6, Decimal("5")), NewRoom("102", 2, Decimal("10"))))


def signed_in(place, role, language="en"):
    client = Client()
    town = role in ("town_administrator", "deputy", "bureau_reader")
    client.force_login(builders.user(role, None if town else place.enterprise.pk, f"{role}-{uuid7()}"))
    client.cookies["django_language"] = language
    return client


def text(answer, status=200):
    assert answer.status_code == status, (answer.status_code, answer.headers)
    return " ".join(answer.content.decode().split())


def test_a_clerk_adds_rooms_finds_somebody_gives_a_bed_and_moves_them(place):
    clerk, base = signed_in(place, "enterprise_clerk"), f"/enterprises/{place.enterprise.pk}/dormitories/"
    assert text(clerk.post(base, {"site": place.site.pk, "rooms": "201 4 18 5"}), 422)
    assert (
        clerk.post(base, {"site": place.site.pk, "building": "三号楼", "rooms": "201 4 18,5\n202"}).status_code == 302
    )
    room = Room.objects.get(name="201")
    assert (room.square_metres, room.beds.count(), room.building) == (Decimal("18.50"), 4, "三号楼")
    address = f"{base}{room.pk}/"
    found = clerk.post(address, {"do": "search", "q": builders.name(0)}, follow=True)
    assert "1 found" in text(found)
    assert builders.name(0) not in found.request["QUERY_STRING"]
    bed = room.beds.order_by("name").first()
    clerk.post(address, {"do": "assign", "worker": place.people[0], "bed": bed.pk})
    lodging = Lodging.objects.get(worker=place.people[0])
    assert builders.name(0) in text(clerk.get(address))
    assert clerk.post(address, {"do": "move", "lodging": lodging.pk, "bed": place.beds["102/1"]}).status_code == 302
    assert standing().filter(kind="dormitory", subject=place.people[0], values__room="102").exists()
    other = f"{base}{Room.objects.get(name='102').pk}/"
    clerk.post(other, {"do": "leave", "lodging": Lodging.objects.latest("pk").pk})
    assert not Lodging.objects.filter(end__gt=NOW).exists()
    assert clerk.post(address, {"do": "assign", "worker": place.people[0], "bed": "x"}).status_code == 422


def test_rooms_over_the_rule_say_what_to_do_to_the_clerk_and_to_the_town(place):
    for n, worker in enumerate(place.people[:3], start=1):
        sleeps(worker, place.beds[f"101/{n}"])
    clerk = signed_in(place, "enterprise_clerk")
    shown = text(clerk.get(f"/enterprises/{place.enterprise.pk}/dormitories/?show=over"))
    assert "1 too many" in shown
    assert "国发明电〔2020〕4号" in shown
    assert "102-1" in shown  # a bed that is free
    town = signed_in(place, "bureau_reader")
    assert "move 1 person to another room" in text(town.get("/premises/rooms/"))
    assert place.enterprise.name in text(town.get("/premises/"))


def test_a_keeper_files_a_room_and_who_is_not_there_is_followed_up(place):
    for n, worker in enumerate(place.people[:3], start=1):
        sleeps(worker, place.beds[f"101/{n}"])
    keeper, base = signed_in(place, "line_leader"), f"/enterprises/{place.enterprise.pk}/dormitories/"
    assert "0 / 3" in text(keeper.get(f"{base}round/"))
    one, two, three = place.people[:3]
    sent = {"room": "101", "batch": uuid7(), "here": [one, two], f"celsius-{one}": "365", f"celsius-{two}": "36.9"}
    assert keeper.post(f"{base}round/", {**sent, f"celsius-{two}": "3x"}).status_code == 422
    keeper.post(f"{base}round/", sent)
    keeper.post(f"{base}round/", sent)
    assert sorted(standing().filter(kind="register").values_list("values__celsius", flat=True)) == [36.5, 36.9]
    rounds.note_missing(NOW)
    absence = Absence.objects.get()
    assert absence.worker_id == three
    keeper.post(f"{base}missing/", {"absence": absence.pk, "who": "王宿管"})
    assert "王宿管 looks for them" in text(keeper.get(f"{base}missing/"))
    keeper.post(f"{base}missing/", {"absence": absence.pk, "who": "", "outcome": "well"})
    absence.refresh_from_db()
    assert (absence.outcome, absence.looked_for_by) == ("well", "王宿管")
    assert keeper.get(base).status_code == 403


def test_the_evening_round_registers_again_who_was_registered_in_the_morning(place, monkeypatch):
    sleeps(place.people[0], place.beds["101/1"])
    builders.register(place.people[0], local.at(builders.DAY, "07:40"))
    monkeypatch.setattr(clock, "now", lambda: local.at(builders.DAY, "20:40"))
    keeper, address = signed_in(place, "line_leader"), f"/enterprises/{place.enterprise.pk}/dormitories/round/"
    assert "0 / 1" in text(keeper.get(address))
    keeper.post(address, {"room": "101", "batch": uuid7(), "here": [place.people[0]]})
    assert "1 / 1" in text(keeper.get(address))
    assert standing().filter(kind="register", subject=place.people[0]).count() == 2


def test_a_guard_records_a_disinfection_with_a_picture(place):
    duty = hygiene.add_duty(site=place.site, kind="canteen", name="一楼食堂", now=NOW - DAY)
    guard, base = signed_in(place, "guard"), f"/enterprises/{place.enterprise.pk}/upkeep/"
    assert "1 place is overdue" in text(guard.get(base))
    photo = SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n0", "image/png")
    sent = {"do": "record", "duty": duty.pk, "agent": "84", "mg_per_litre": "500", "minutes": "30", "who": "林阿姨"}
    refused = text(guard.post(base, {**sent, "mg_per_litre": "50"}), 422)
    assert "is not enough here" in refused
    assert "open><summary><strong>一楼食堂" in refused
    for kept in ('name="agent" maxlength="64" value="84"', 'value="50" required', 'value="林阿姨" required'):
        assert kept in refused
    assert guard.post(base, {**sent, "photo": photo}).status_code == 302
    done = Cleaning.objects.get()
    picture = guard.get(f"{base}{done.pk}/photo/")
    assert (picture.content, picture["Content-Type"]) == (b"\x89PNG\r\n\x1a\n0", "image/png")
    assert guard.post(base, {"do": "add", "site": place.site.pk, "kind": "lift", "name": "x"}).status_code == 302
    assert "1 号梯" not in text(guard.get(base))  # a guard puts nothing on the schedule


def test_a_canteen_is_set_up_and_everybody_seated(place):
    clerk, base = signed_in(place, "enterprise_clerk"), f"/enterprises/{place.enterprise.pk}/canteen/"
    clerk.post(base, {"do": "tables", "site": place.site.pk, "tables": "1-2 4\n主桌 4"})
    clerk.post(base, {"do": "shift", "site": place.site.pk, "name": "午餐", "starts": "11:30", "ends": "11:50"})
    again = {"do": "shift", "site": place.site.pk, "name": "午餐二", "starts": "11:55", "ends": "12:10"}
    assert "meals are staggered" in text(clerk.post(base, again), 422)
    clerk.post(base, {"do": "everybody", "site": place.site.pk})
    shown = text(clerk.get(base))
    assert "6 / 6" in shown
    assert "11:30-11:50" in shown


def test_supplies_come_in_go_out_by_badge_and_are_taken_back(place):
    clerk, base = signed_in(place, "enterprise_clerk"), f"/enterprises/{place.enterprise.pk}/supplies/"
    clerk.post(base, {"do": "item", "site": place.site.pk, "item": "一次性口罩", "unit": "只", "number": "20"})
    masks = Stock.objects.get()
    refused = text(clerk.post(base, {"do": "count", "stock": masks.pk, "counted": "-5", "words": "泡水了"}), 422)
    assert 'name="counted" inputmode="numeric" value="-5"' in refused
    assert refused.count("泡水了") == 1  # not in the form for what came in
    guard = signed_in(place, "guard")
    found = text(guard.post(f"{base}hand-out/", {"do": "scan", "code": "b2"}))
    assert builders.name(2) in found
    shown = passes.phone_pass(worker=place.people[3], now=NOW, actor=None).text
    assert builders.name(3) in text(guard.post(f"{base}hand-out/", {"do": "scan", "code": shown}))
    assert "Nobody is found by this code" in text(
        guard.post(f"{base}hand-out/", {"do": "scan", "code": shown[:-3]}), 422
    )
    assert "Nobody is found by this code" in text(guard.post(f"{base}hand-out/", {"do": "scan", "code": "B99"}), 422)
    sent = {"do": "issue", "worker": place.people[2], "id": uuid7(), f"number-{masks.pk}": "5"}
    for _twice in range(2):
        assert guard.post(f"{base}hand-out/", sent).status_code == 302
    masks.refresh_from_db()
    assert masks.on_hand == 15
    more = {**sent, "id": uuid7(), f"number-{masks.pk}": "16"}
    assert "There are only 15" in text(guard.post(f"{base}hand-out/", more), 422)
    clerk.post(base, {"do": "undo", "movement": Movement.objects.get(kind="issue").pk})
    masks.refresh_from_db()
    assert masks.on_hand == 20
    assert "handed out" in text(clerk.get(base))


def test_sheets_are_printed_in_both_languages(place):
    sleeps(place.people[0], place.beds["101/1"])
    hygiene.add_duty(site=place.site, kind="lift", name="1 号电梯", now=NOW)
    store(place)
    canteen.add_tables(site=place.site, tables=[("1", 4)], now=NOW)
    base = f"/enterprises/{place.enterprise.pk}/"
    for language in ("en", "zh-hans"):
        clerk = signed_in(place, "enterprise_clerk", language)
        for name in ("dormitories/round.pdf", "upkeep/sheet.pdf", "canteen/seats.pdf", "supplies/sheet.pdf"):
            assert clerk.get(base + name).content.startswith(b"%PDF-")


def test_lists_ask_as_much_for_many_rows_as_for_few(place):
    clerk, town = signed_in(place, "enterprise_clerk"), signed_in(place, "deputy")
    base = f"/enterprises/{place.enterprise.pk}/"
    pages = [
        (clerk, f"{base}dormitories/"), (clerk, f"{base}dormitories/round/"), (clerk, f"{base}upkeep/"),
        (clerk, f"{base}supplies/"), (clerk, f"{base}canteen/"), (town, "/premises/"), (town, "/premises/disinfections/"),
        (town, "/premises/supplies/"),
    ]  # fmt: skip
    masks = store(place, number=5)
    canteen.add_tables(site=place.site, tables=[("1", 20)], now=NOW)
    canteen.add_shift(site=place.site, name="午餐", starts=690, ends=710, now=NOW)

    def more(first, last):
        for n in range(first, last):
            sleeps(place.people[n], place.beds[f"101/{n + 1}"])
            hygiene.add_duty(site=place.site, kind="lift", name=f"{n}", now=NOW - 9)
            store(place, f"item {n}", 0)
        canteen.seat_everybody(site=place.site, by=by())

    def asked():
        counts = []
        for client, address in pages:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                text(client.get(address))
            counts.append((address, len(queries)))
        return counts

    more(0, 3)
    few = asked()
    more(3, 6)
    assert asked() == few
    assert masks.pk
