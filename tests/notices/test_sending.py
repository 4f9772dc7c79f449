"""From the queue to the channel: pace, refusals, tries, tokens, repetitions by a key, receipts."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

import builders
from fugong.base.faults import Fault
from fugong.core.text import Text
from fugong.notices.models import Attempt, Channel, Delivery, Notice
from fugong.notices.sending import work
from fugong.notices.services import deliveries
from fugong.notices.services.queueing import page_channel, queue
from fugong.notices.wording import Words
from fugong.registry.models import Worker
from notices.conftest import NAMED, PLAIN, app_channel, channel, collect, send, states, told, work_channel
from notices.fake_dingtalk import FakeDingTalk
from notices.faking import Pace

pytestmark = pytest.mark.django_db
ASYNC, MESSAGE = "/topapi/message/corpconversation/asyncsend_v2", "/cgi-bin/message/send"


def robot(dingtalk: FakeDingTalk, **more) -> Channel:
    return channel(
        "dingtalk_robot", dingtalk.url, {"access_token": "robot-token", "sign_secret": "SEC-secret-of-robot"}, **more
    )


def test_what_says_nothing_personal_goes_in_one_call_and_what_does_to_each_alone(here, time, dingtalk):
    dingtalk.users = {f"u{n}" for n in range(10)}
    way = work_channel(dingtalk)
    told(here, time, way)
    send(time)
    assert [len(body["userid_list"].split(",")) for body in dingtalk.calls_of(ASYNC)] == [10]
    time.now += 5
    told(here, time, way, NAMED)
    send(time)
    assert [len(body["userid_list"].split(",")) for body in dingtalk.calls_of(ASYNC)[1:]] == [1] * 10
    assert dingtalk.inbox["u3"][1].startswith("通知\n张")
    time.now += 5
    leaves = Words(Text("班车", "Bus"), Text("{departs} 开车。", "It leaves at {departs}."))
    each = {one: {"departs": f"{n} 点"} for n, one in enumerate(here.workers)}  # nothing personal, and each another
    told(here, time, way, leaves, each=each)
    send(time)
    assert dingtalk.inbox["u3"][2] == "班车\n3 点 开车。"


def test_a_robot_gets_twenty_a_minute_by_all_processes_together_and_its_own_pace_is_never_exceeded(
    here, time, dingtalk
):
    way = robot(dingtalk)
    notices = [
        told(here, time, way, Words(Text(f"第 {n} 条", ""), Text("明天停水。", "")), workers=()) for n in range(25)
    ]
    send(time)
    assert len(dingtalk.groups["robot-token"]) == 20
    time.now += 59
    send(time)
    assert len(dingtalk.groups["robot-token"]) == 20  # not yet a whole minute
    dingtalk.robot_pace["robot-token"].times.clear()
    time.now += 3
    send(time)
    assert len(dingtalk.groups["robot-token"]) == 25
    assert dingtalk.calls_of("/robot/send")[0]["text"]["content"] == "第 0 条\n明天停水。"
    assert all(states(one, way) == {"sent": 1} for one in notices)


def test_a_robot_that_was_used_by_others_too_is_held_for_ten_minutes_and_nothing_is_lost(here, time, dingtalk):
    dingtalk.robot_pace["robot-token"] = Pace(1, 60, shut_out=600)
    way = robot(dingtalk)
    for n in range(3):
        told(here, time, way, Words(Text(f"第 {n} 条", ""), Text("明天停水。", "")), workers=())
    send(time)
    way.refresh_from_db()
    assert (len(dingtalk.groups["robot-token"]), way.held_until) == (1, time.now + 600)
    assert set(Attempt.objects.values_list("code", flat=True)) == {"", "130101"}
    assert Delivery.objects.filter(state="queued", tries=0).count() == 2
    dingtalk.robot_pace["robot-token"] = Pace(20, 60)
    time.now += 601
    send(time)
    assert len(dingtalk.groups["robot-token"]) == 3


def test_a_wrong_signature_holds_the_channel_instead_of_killing_every_letter(here, time, dingtalk):
    way = channel("dingtalk_robot", dingtalk.url, {"access_token": "robot-token", "sign_secret": "another"})
    notice = told(here, time, way, workers=())
    send(time)
    way.refresh_from_db()
    assert states(notice, way) == {"queued": 1}
    assert way.held_until == time.now + 300
    assert "sign not match" in Attempt.objects.get().words


def test_a_keyword_of_the_robot_is_put_before_the_text(here, time, dingtalk):
    dingtalk.keyword = "复工"
    told(here, time, robot(dingtalk, keyword="复工"), workers=())
    send(time)
    assert dingtalk.groups["robot-token"] == ["复工 停水通知\n明天停水。"]


@pytest.mark.parametrize("text", ["{name}，请明天来。", "请打 13800138000。", "查看 {link}"])
def test_nothing_personal_goes_to_a_group(here, time, dingtalk, text):
    way = robot(dingtalk)
    with pytest.raises(Fault) as fault:
        told(here, time, way, Words(Text("通知", ""), Text(text, "")), workers=())
    assert fault.value.code in {"notices.personal_to_group", "notices.number_to_group"}
    # Whoever writes past the service finds the same at the channel.
    notice = told(here, time, way, workers=())
    Notice.objects.filter(pk=notice.pk).update(values={"town": "13800138000"})
    send(time)
    assert states(notice, way) == {"dead": 1}
    assert dingtalk.groups["robot-token"] == []


def test_tokens_are_fetched_once_and_again_when_they_have_ended(here, time, dingtalk, wecom):
    dingtalk.users = wecom.users = {f"u{n}" for n in range(10)}
    ways = [work_channel(dingtalk), app_channel(wecom)]
    for _round in range(2):
        for way in ways:
            told(here, time, way, Words(Text(f"通知 {time.now}", ""), Text("明天停水。", "")))
        send(time)
        time.now += 5
    assert len(dingtalk.calls_of("/gettoken")) == len(wecom.calls_of("/cgi-bin/gettoken")) == 1
    dingtalk.end_token()
    wecom.end_tokens()
    for way in ways:
        told(here, time, way, Words(Text("通知", ""), Text("明天停水。", "")))
    send(time)
    assert len(dingtalk.calls_of("/gettoken")) == len(wecom.calls_of("/cgi-bin/gettoken")) == 2
    assert len(dingtalk.inbox["u1"]) == len(wecom.inbox["u1"]) == 3


def test_a_busy_system_is_asked_again_after_growing_pauses_and_then_it_is_a_dead_letter(here, time, wecom):
    wecom.users = {"u0"}
    way = app_channel(wecom)
    first = told(here, time, way, workers=here.workers[:1])
    send(time)
    assert states(first, way) == {"sent": 1}
    wecom.busy = 100
    notice = told(here, time, way, NAMED, workers=here.workers[:1])
    pauses = []
    for _try in range(8):
        assert "sent" not in send(time)
        one = Delivery.objects.get(notice=notice)
        pauses.append(one.due_at - time.now)
        time.now = max(time.now + 1, one.due_at)
    assert pauses[:7] == [30, 60, 120, 240, 480, 960, 1920]
    assert (one.state, one.error, one.tries) == ("dead", "-1", 8)
    wecom.busy = 0
    assert deliveries.send_again(deliveries=[one.pk], actor=here.admin.pk, now=time.now) == 1
    send(time)
    assert states(notice, way) == {"sent": 1}


def test_users_whom_the_provider_does_not_know_are_dead_letters_and_the_others_get_it(here, time, wecom):
    wecom.users = {"U1", "u2"}
    way = app_channel(wecom)
    notice = told(here, time, way, workers=here.workers[:4])
    send(time)
    assert states(notice, way) == {"sent": 2, "dead": 2}
    assert set(Delivery.objects.filter(state="dead").values_list("error", flat=True)) == {"unknown_address"}
    assert sorted(wecom.inbox) == ["U1", "u2"]


def test_no_connection_is_tried_again_and_a_broken_one_is_unknown(here, time, dingtalk):
    dingtalk.users = {f"u{n}" for n in range(10)}
    nobody_there = work_channel(dingtalk)
    Channel.objects.filter(pk=nobody_there.pk).update(base_url="http://127.0.0.1:9")
    notice = told(here, time, nobody_there)
    send(time)
    assert states(notice, nobody_there) == {"queued": 10}
    Channel.objects.filter(pk=nobody_there.pk).update(base_url=dingtalk.url)
    dingtalk.break_off = {ASYNC}
    time.now += 31
    send(time)
    assert states(notice, nobody_there) == {"unknown": 10}
    dingtalk.break_off = set()
    time.now += 4_000
    send(time)
    assert len(dingtalk.calls_of(ASYNC)) == 1  # DingTalk has no key of the sender's: a person decides
    ids = list(Delivery.objects.filter(notice=notice).values_list("pk", flat=True))
    assert deliveries.say_arrived(deliveries=ids[:4], actor=here.admin.pk, now=time.now) == 4
    assert deliveries.send_again(deliveries=ids, actor=here.admin.pk, now=time.now) == 6
    send(time)
    assert states(notice, nobody_there) == {"sent": 10}
    assert all(len(texts) == 1 for texts in dingtalk.inbox.values())


def test_wecom_drops_a_repetition_so_the_sender_repeats_to_the_letter_by_itself(here, time, wecom):
    wecom.users = {f"u{n}" for n in range(10)}
    way = app_channel(wecom)
    notice = told(here, time, way)
    wecom.break_off = {MESSAGE}
    send(time)
    assert states(notice, way) == {"unknown": 10}
    wecom.break_off = set()
    time.now += 10
    send(time)
    assert states(notice, way) == {"unknown": 10}  # not at once
    time.now += 25
    send(time)
    assert states(notice, way) == {"sent": 10}
    first, second = wecom.calls_of(MESSAGE)
    assert first == second
    assert [len(texts) for texts in wecom.inbox.values()] == [1] * 10
    assert set(Delivery.objects.values_list("again", flat=True)) == {"key"}


def test_what_would_be_another_letter_by_now_or_is_too_old_is_left_to_a_person(here, time, wecom):
    wecom.users = {f"u{n}" for n in range(10)}
    way = app_channel(wecom)
    wecom.break_off = {MESSAGE}
    notice = told(here, time, way)
    send(time)
    wecom.break_off = set()
    one = Delivery.objects.filter(notice=notice).order_by("pk").first()
    deliveries.say_arrived(deliveries=[one.pk], actor=here.admin.pk, now=time.now)  # the batch is not the same any more
    time.now += 60
    send(time)
    assert states(notice, way) == {"unknown": 9, "sent": 1}
    wecom.break_off = {MESSAGE}
    old = told(here, time, way, NAMED, workers=here.workers[:1])
    send(time)
    wecom.break_off = set()
    time.now += 4 * 3_600 - 500
    send(time)
    assert states(old, way) == {"unknown": 1}


def test_an_sms_gateway_with_a_key_of_its_own_and_one_without(here, time, wecom):
    def gateway(**more) -> Channel:
        url = f"{wecom.url}/sms{len(more)}"
        return channel(
            "sms",
            "x" * len(more) and wecom.url,
            {"header": "X-Key", "value": "s"},
            url=url,
            phone_field="to",
            text_field="say",
            **more,
        )

    with_key, without = gateway(key_field="id"), gateway()
    wecom.answer = lambda path, query, body: {"code": "OK"}
    wecom.break_off = {"/sms0", "/sms1"}
    for way in (with_key, without):
        told(here, time, way, workers=here.workers[:1])
    send(time)
    wecom.break_off = set()
    time.now += 60
    send(time)
    assert [len({body["id"] for body in wecom.calls_of("/sms1")}), len(wecom.calls_of("/sms1"))] == [1, 2]
    assert len(wecom.calls_of("/sms0")) == 1
    assert wecom.calls_of("/sms0")[0] == {"to": "13000000000", "say": "停水通知\n明天停水。"}


def test_two_who_share_a_telephone_get_one_message_or_each_their_own_and_both_receipts_say_so(here, time, wecom):
    one, two, third = here.workers[:3]
    number = Worker.objects.filter(pk=one).values("phone_digest", "phone_encrypted").get()
    Worker.objects.filter(pk=two).update(**number)
    wecom.answer = lambda path, query, body: {"code": "OK"}
    way = channel("sms", wecom.url, {}, url=f"{wecom.url}/sms", phone_field="to", text_field="say")

    def sent() -> list[str]:
        send(time)
        calls = [body["say"].partition("\n")[2] for body in wecom.calls_of("/sms")]
        wecom.calls.clear()
        return sorted(calls)

    same = told(here, time, way, workers=[one, two, third])
    assert sent() == ["明天停水。"] * 2  # to two telephones
    assert states(same, way) == {"sent": 3}
    assert same.deliveries.filter(worker__in=[one, two]).values("attempt", "sent_at").distinct().count() == 1
    assert same.deliveries.filter(opened_at=None).count() == 3
    told(here, time, way, words=NAMED, workers=[one, two, third])
    assert sent() == sorted(f"{builders.name(n)}，请明天来。" for n in range(3))

    first = told(here, time, way, workers=[one], once="water")
    assert len(sent()) == 1
    told(here, time, way, workers=[one, two], once="water")  # it has come to that telephone already
    assert (sent(), states(first, way)) == ([], {"sent": 2})
    fourth, moved = here.workers[3], Worker.objects.filter(pk=third).values("phone_digest", "phone_encrypted").get()
    Worker.objects.filter(pk__in=[one, fourth]).update(**moved)
    told(here, time, way, workers=[one, fourth], once="water")  # who has it stands in nobody's way with another number
    assert (len(sent()), states(first, way)) == (1, {"sent": 3})
    Worker.objects.filter(pk=one).update(**number)

    wecom.break_off = {"/sms"}
    lost = told(here, time, way, workers=[one, two])
    assert (len(sent()), states(lost, way)) == (1, {"unknown": 2})
    wecom.break_off = set()
    of_two = lost.deliveries.get(worker=two)
    assert deliveries.send_again(deliveries=[of_two.pk], actor=here.admin.pk, now=time.now) == 1
    assert (len(sent()), states(lost, way)) == (1, {"sent": 2})
    of_two.refresh_from_db()
    assert (of_two.again, of_two.again_by_id) == ("person", here.admin.pk)


def test_anything_else_through_apprise_and_after_a_no_nobody_knows(here, time, wecom):
    wecom.answer = lambda path, query, body: {}
    way = channel("other", "", {"address": wecom.url.replace("http://", "json://") + "/hook"})
    told(here, time, way, workers=())
    send(time)
    (body,) = wecom.calls_of("/hook")
    assert (body["title"], body["message"]) == ("停水通知", "明天停水。")
    wecom.status = 500
    again = told(here, time, way, workers=())
    send(time)
    assert states(again, way) == {"unknown": 1}


def test_mail_by_the_mail_server_and_people_s_own_page(here, time, settings):
    from fugong.notices.services import setup

    setup.save_addresses(kind="mail", rows=[(None, here.clerk.pk, "clerk@example.org")], now=time.now)
    way = channel("mail", "", {})
    notice = queue(words=NAMED, users=[here.clerk.pk], channels=[way.pk, page_channel().pk], actor=None, now=time.now)
    send(time)
    assert states(notice, way) == states(notice, page_channel()) == {"sent": 1}
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["clerk@example.org"], "通知")


def test_dingtalk_says_who_has_read_it_and_who_never_got_it(here, time, dingtalk):
    dingtalk.users = {f"u{n}" for n in range(9)}
    dingtalk.readers = {"u1", "u2"}
    way = work_channel(dingtalk)
    notice = told(here, time, way)
    send(time)
    assert states(notice, way) == {"sent": 10}  # DingTalk has taken it; that is all it said
    assert collect(time.now) == {"read": 2, "dead": 1}
    assert states(notice, way) == {"sent": 9, "dead": 1}
    assert Delivery.objects.exclude(read_at=None).count() == 2
    assert collect(time.now + 10) == {"read": 0, "dead": 0}  # not asked again at once
    dingtalk.readers.add("u5")
    assert collect(time.now + 301) == {"read": 1, "dead": 0}


def test_the_same_text_on_the_same_day_is_seen_to_have_reached_nobody(here, time, dingtalk):
    dingtalk.users = {f"u{n}" for n in range(10)}
    way = work_channel(dingtalk)
    told(here, time, way)
    again = told(here, time, way)
    send(time)
    collect(time.now)
    assert states(again, way) == {"dead": 10}
    assert set(Delivery.objects.filter(notice=again).values_list("error", flat=True)) == {"forbidden"}


def test_what_the_database_forbids(here, time, wecom):
    way = app_channel(wecom)
    notice = told(here, time, way)
    one = Delivery.objects.filter(notice=notice).first()
    rows = Delivery.objects.filter(pk=one.pk)
    for change in ({"state": "sent", "sent_at": 1}, {"state": "sending"}, {"state": "unknown"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    attempt = Attempt.objects.create(channel=way, notice=notice, people=[one.pk], asked_at=time.now, payload=b"1")
    rows.update(state="sending", attempt=attempt)
    work.settle_lost(way, time.now)
    with pytest.raises(IntegrityError, match="in silence"), transaction.atomic():
        rows.update(state="queued")
    with pytest.raises(IntegrityError, match="answered once"), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome="accepted")
        Attempt.objects.filter(pk=attempt.pk).update(outcome="refused")
    with pytest.raises(IntegrityError, match="one_delivery_an_address"), transaction.atomic():
        Delivery.objects.create(notice=notice, channel=way, address=bytes(one.address), due_at=1)
    with pytest.raises(IntegrityError, match="one_delivery_a_worker"), transaction.atomic():
        Delivery.objects.create(notice=notice, channel=way, worker=one.worker, address=b"another", due_at=1)
    with pytest.raises(IntegrityError, match="one message to one address"), transaction.atomic():
        Delivery.objects.create(notice=notice, channel=way, address=b"another", due_at=1, shares=one)
    with pytest.raises(IntegrityError, match="as it was said"), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(text_zh="别的")


def test_an_adapter_that_fails_does_not_stop_the_other_channels(here, time):
    from fugong.notices.services import setup

    setup.save_addresses(kind="mail", rows=[(None, here.clerk.pk, "no\naddress")], now=time.now)
    way = channel("mail", "", {})
    notice = queue(words=PLAIN, users=[here.clerk.pk], channels=[way.pk, page_channel().pk], actor=None, now=time.now)
    send(time)
    assert (states(notice, way), states(notice, page_channel())) == ({"unknown": 1}, {"sent": 1})
