"""The pages of sampling, as their staff, an enterprise's clerk and the person tested use them."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

import builders as b
from fugong.base import background
from fugong.base import clock as clocks
from fugong.doors import keys, pseudonyms
from fugong.doors.algorithms import base64url
from fugong.doors.passes import services as passes
from fugong.doors.passes import tokens
from fugong.doors.passes.tokens import Claims
from fugong.sampling.models import LabFile, LabRow, Order, SlotOffer, Tube, TubeMember
from fugong.sampling.services import booking
from sampling.clinic import NOW, Clinic, clinic, clock, quarter_hours, results_of

pytestmark = pytest.mark.django_db


class Moment:
    """The clock of a test, which it sets."""

    now = NOW


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Moment:
    moment = Moment()
    monkeypatch.setattr(clocks, "now", lambda: moment.now)
    return moment


@pytest.fixture
def town(at: Moment) -> Clinic:
    return clinic()


def client(user: object, language: str = "zh-hans") -> Client:
    made = Client()
    made.force_login(user)  # type: ignore[arg-type]
    made.cookies["django_language"] = language
    return made


def url(name: str, *arguments: object) -> str:
    return reverse(f"sampling:{name}", args=arguments)


def text_of(page: object) -> str:
    return " ".join(page.content.decode().split())  # type: ignore[attr-defined]


def with_two_spaces(worker: UUID) -> str:
    """A pass in whose text two spaces follow each other, as in one of some fifty."""
    key = keys.in_use(now=NOW)
    (who,) = pseudonyms.of([worker]).values()
    texts = (
        tokens.encode(Claims("jinfeng", base64url(number.to_bytes(8, "big")), who, NOW, None), key)
        for number in range(10_000)
    )
    return next(text for text in texts if "  " in text)


def test_a_clerk_orders_for_their_own_people_who_lack_nothing_else_and_makes_appointments(town: Clinic) -> None:
    clerk = client(b.user("enterprise_clerk", town.enterprise.pk))
    quarter_hours(town.site, "14:00", "14:15", 1)
    page = url("due_of", town.enterprise.pk)
    assert "3 人 · 其中已开检测单 0 人 · 只缺检测 3 人" in text_of(clerk.get(page))
    assert "已开 3 张检测单" in text_of(clerk.post(page, {"everybody": "1"}, follow=True))
    first, second, _third = Order.objects.order_by("pk")
    assert (first.requirement, first.deadline) == ("tested", clock("07:30", 1))
    slot = SlotOffer.objects.get()
    assert "已预约" in text_of(clerk.post(url("order", first.pk), {"slot": slot.pk}, follow=True))
    full = clerk.post(url("order", second.pk), {"slot": slot.pk})
    assert full.status_code == 422 and "已约满" in text_of(full)
    assert clerk.post(url("order", second.pk), {"do": "cancel", "reason": ""}).status_code == 422
    clerk.post(url("order", second.pk), {"do": "cancel", "reason": "已离职"})
    clerk.post(url("order", first.pk), {"do": "give_up"})
    assert list(Order.objects.order_by("pk").values_list("state", flat=True)) == ["open", "cancelled", "open"]
    nothing = clerk.post(page, {"worker": [str(first.worker_id)]}, follow=True)
    assert "至少选择一人" in text_of(nothing)  # they have an order


def test_contacts_of_a_case_are_ordered_urgent_single_tests_at_once(town: Clinic) -> None:
    b.record(town.workers[0], "contact", NOW - 3600, {})
    staff = client(town.staff)
    assert "开 1 张加急单管检测单" in text_of(staff.get(url("due")))
    assert "已开 1 张检测单" in text_of(staff.post(url("due"), {"contacts": "1"}, follow=True))
    order = Order.objects.get()
    assert (order.worker_id, order.why, order.single, order.urgent) == (town.workers[0], Order.CONTACT, True, True)


def test_somebody_elses_order_does_not_exist_for_a_clerk(town: Clinic) -> None:
    stranger = b.workers(b.enterprise(2, "南山精工有限公司"), 1, first=50)[0]
    order = Order.objects.create(worker_id=stranger, why="asked", not_before=NOW, created_at=NOW, changed_at=NOW)
    clerk = client(b.user("enterprise_clerk", town.enterprise.pk))
    for answer in (
        clerk.get(url("order", order.pk)),
        clerk.post(url("order", order.pk), {"do": "cancel", "reason": "x"}),
    ):
        assert answer.status_code == 404
    assert clerk.get(url("station", town.site)).status_code == 403


def test_staff_open_a_tube_scan_and_type_people_into_it_and_close_it(town: Clinic) -> None:
    staff, page = client(town.staff), url("station", town.site)
    assert "开一支采样管" in text_of(staff.get(page))
    assert "条码" in text_of(staff.post(page, {"do": "open", "barcode": "?", "size": "5"}))
    assert staff.post(page, {"do": "open", "barcode": "tube-1", "size": "5"}).status_code == 302
    tube, (one, other, third) = Tube.objects.get(), town.workers
    (badge,) = passes.badges(workers=[one], now=NOW, actor=None)
    scanned = staff.post(page, {"tube": tube.pk, "q": badge.text}, follow=True)
    assert "已入采样管 TUBE-1" in text_of(scanned)
    staff.post(page, {"do": "take_out", "tube": tube.pk, "worker": one})
    assert "已入采样管 TUBE-1" in text_of(staff.post(page, {"tube": tube.pk, "q": with_two_spaces(one)}, follow=True))
    typed = text_of(staff.post(page, {"tube": tube.pk, "q": f" {b.name(1)}  "}))
    assert str(other) in typed and str(third) not in typed and TubeMember.objects.count() == 1
    staff.post(page, {"do": "add", "tube": tube.pk, "worker": other})
    twice = staff.post(page, {"do": "add", "tube": tube.pk, "worker": other})
    assert twice.status_code == 422 and "已在采样管" in text_of(twice)
    unknown = staff.post(page, {"tube": tube.pk, "q": "没有这个人"})
    assert unknown.status_code == 422 and "不是本地员工" in text_of(unknown)
    staff.post(page, {"do": "take_out", "tube": tube.pk, "worker": other})
    assert "已封管" in text_of(staff.post(page, {"do": "close", "tube": tube.pk}, follow=True))
    tube.refresh_from_db()
    assert tube.state == Tube.CLOSED and list(tube.members.values_list("worker", flat=True)) == [one]
    staff.post(page, {"do": "open", "barcode": "tube-2", "size": "1"})
    full = staff.post(page, {"do": "add", "tube": Tube.objects.get(barcode="TUBE-2").pk, "worker": third}, follow=True)
    assert "已满并封管" in text_of(full)  # a single tube closes by itself


@pytest.mark.django_db(transaction=True)
def test_of_a_laboratorys_long_file_a_bar_counts_the_rows(town: Clinic, at: Moment, monkeypatch) -> None:
    monkeypatch.setattr(background, "MANY", 1)
    tube = town.tube(*town.workers[:2])
    at.now = clock("20:00")
    staff = client(town.staff)
    pasted = f"样本编号,姓名,结果,报告时间\n{tube.barcode},,阴性,2020-03-09 19:00\n"
    for told, bar in (("文件已导入", "已完成 1 / 1 行"), ("以前导入过", "")):
        preview = staff.post(url("results"), {"rows": pasted}, follow=True)
        assert 'name="rows" value="1"' in preview.content.decode()
        said = b"".join(staff.post(preview.request["PATH_INFO"], {"rows": "1"}).streaming_content).decode()
        assert told in said and bar in said and url("file", LabFile.objects.get().pk) in said
    assert results_of(town.workers[0]) == ["negative"]


def test_a_laboratorys_file_is_looked_at_taken_in_once_and_its_refused_rows_are_settled(
    town: Clinic, at: Moment
) -> None:
    tube, other = town.tube(*town.workers[:2]), town.tube(town.workers[2])
    at.now = clock("20:00")
    staff = client(town.staff)
    pasted = (
        f"样本编号,姓名,结果,报告时间\n{tube.barcode},,阳性,2020-03-09 19:00\nLAB-9999,钱某某,阴性,2020-03-09 19:00\n"
    )
    preview = staff.post(url("results"), {"rows": pasted}, follow=True)
    said = text_of(preview)
    assert (
        "将有 1 支采样管出结果，涉及 2 人" in said and "2 人将立即不得上岗" in said and "没有采样管“LAB-9999”" in said
    )
    address = preview.request["PATH_INFO"]
    taken = staff.post(address, follow=True)
    assert "1 支采样管已出结果，涉及 2 人" in text_of(taken)
    assert staff.get(address, follow=True).request["PATH_INFO"] == taken.request["PATH_INFO"]
    again = staff.post(staff.post(url("results"), {"rows": pasted}, follow=True).request["PATH_INFO"], follow=True)
    assert "以前导入过" in text_of(again)
    row = LabRow.objects.get()
    english = client(town.staff, "en")
    assert "There is no tube “LAB-9999” here" in text_of(english.get(url("refused")))
    settling = url("settle", row.pk)
    assert "钱某某" in text_of(staff.get(settling))
    said_by_hand = {"do": "match", "barcode": other.barcode, "result": "negative", "reported_at": "2020-03-09T19:00"}
    assert staff.post(settling, {**said_by_hand, "barcode": "NOBODYS-1"}).status_code == 422
    assert staff.post(settling, {"do": "dismiss", "reason": ""}).status_code == 422
    assert "结果已保存" in text_of(staff.post(settling, said_by_hand, follow=True))
    assert "钱某某" not in text_of(staff.get(settling)) and results_of(town.workers[2]) == ["negative"]
    bad = staff.post(url("results"), {"rows": "甲,乙\n1,2\n"}, follow=True)
    assert bad.status_code == 422 and "fg-note-error" in bad.content.decode()


def test_a_positive_pools_page_says_who_waits_and_what_was_put_right(town: Clinic, at: Moment) -> None:
    pool = town.tube(*town.workers[:2])
    at.now = clock("20:00")
    staff, page = client(town.staff), url("tube", pool.pk)
    entered = staff.post(page, {"do": "result", "result": "positive", "reported_at": "2020-03-09T19:30"}, follow=True)
    assert "2 人中还有 2 人等单管复检" in text_of(entered)
    single = town.tube(town.workers[0], at=at.now)
    at.now = clock("09:00", 1)
    town.report(single, "negative", at.now)
    said = text_of(staff.get(page))
    assert "2 人中还有 1 人等单管复检" in said and f"已由采样管 {single.barcode} 查明" in said
    assert single.barcode in text_of(client(town.staff, "en").get(page))
    without = staff.post(page, {"do": "result", "result": "negative", "reported_at": "2020-03-09T19:30"})
    assert without.status_code == 422
    corrected = {"do": "result", "result": "negative", "reported_at": "2020-03-09T19:30", "reason": "读板有误"}
    assert "结果已更正" in text_of(staff.post(page, corrected, follow=True))
    assert results_of(town.workers[1]) == ["negative"]
    broken = url("tube", town.tube(town.workers[2], at=at.now).pk)
    assert staff.post(broken, {"do": "spoil", "why": ""}).status_code == 422
    assert "重新采样" in text_of(staff.post(broken, {"do": "spoil", "why": "漏液"}, follow=True))


def test_slots_are_offered_changed_and_taken_back(town: Clinic) -> None:
    staff, page = client(town.staff), url("slots", town.site)
    day = {"do": "offer", "day": "2020-03-10", "first": "08:00", "last": "09:00", "minutes": "15", "places": "3"}
    assert "已开放 4 个时段" in text_of(staff.post(page, day, follow=True))
    assert staff.post(page, {**day, "last": "07:00"}).status_code == 422
    first, second = SlotOffer.objects.order_by("start")[:2]
    order = Order.objects.create(worker_id=town.workers[0], why="asked", not_before=NOW, created_at=NOW, changed_at=NOW)
    booking.book(order=order.pk, slot=first.pk, now=NOW)
    staff.post(page, {"do": "places", "slot": second.pk, "places": "8"})
    taken = staff.post(page, {"do": "withdraw", "slot": first.pk})
    assert taken.status_code == 422 and "已有 1 人预约" in text_of(taken)
    staff.post(page, {"do": "withdraw", "slot": second.pk})
    assert SlotOffer.objects.count() == 3


def test_the_town_opens_a_site_and_staff_print_labels(town: Clinic) -> None:
    admin = client(b.user("town_administrator"))
    assert "采样点已开设" in text_of(admin.post(url("start"), {"name": "文化站采样点"}, follow=True))
    assert admin.post(url("start"), {"name": "文化站采样点"}).status_code == 422
    printed = client(town.staff).post(url("labels"), {"number": "41"})
    assert printed["Content-Type"] == "application/pdf" and printed.content.startswith(b"%PDF")
    assert client(town.staff).post(url("labels"), {"number": "0"}).status_code == 422


def test_whoever_is_tested_reads_when_where_and_what_came_of_it(town: Clinic, at: Moment) -> None:
    worker = town.workers[0]
    phone = client(b.user("worker", worker))

    def mine() -> str:
        return text_of(phone.get(reverse("clearance:me")))

    assert "我的检测" not in mine()
    (slot,) = quarter_hours(town.site, "14:00", "14:15", 1)
    order = Order.objects.create(worker_id=worker, why="due", not_before=NOW, created_at=NOW, changed_at=NOW)
    assert "已为您开检测单" in mine()
    booking.book(order=order.pk, slot=slot, now=NOW)
    assert "3月9日 14:00" in mine() and "镇卫生院采样点" in mine()
    tube = town.tube(worker, town.workers[1])
    assert "已采样" in mine()
    at.now = clock("20:00")
    town.report(tube, "positive", at.now)
    held = mine()
    assert "您所在的混检管未阴性" in held and "您的检测结果不明" in held  # the reason why not, and what it says of them
    single = town.tube(worker, at=at.now)
    at.now = clock("09:00", 1)
    town.report(single, "negative", at.now)
    assert "最近结果" in mine() and "您所在的混检管" not in mine()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_there_in_both_languages_and_names_nobody_in_its_address(town: Clinic, language: str) -> None:
    tube = town.tube(*town.workers)
    order: UUID = Order.objects.order_by("pk")[0].pk
    admin = client(b.user("town_administrator"), language)
    for name, *arguments in (
        ("start",), ("due",), ("due_of", town.enterprise.pk), ("order", order), ("station", town.site), ("slots", town.site),
        ("labels",), ("tubes",), ("tube", tube.pk), ("results",), ("refused",),
    ):  # fmt: skip
        answer = admin.get(url(name, *arguments))
        assert answer.status_code == 200, name
        assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in answer.content.decode(), name
