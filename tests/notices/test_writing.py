"""Writing a notice: to whom and once, two clicks and two people, stopping it, words that can't be sent."""

from __future__ import annotations

import pytest
from django.db import transaction

from fugong.base.faults import Fault
from fugong.core.text import Text
from fugong.notices import variables
from fugong.notices.channels.common import Answer
from fugong.notices.models import Delivery, Notice
from fugong.notices.sending import letters, work
from fugong.notices.services import compose, deliveries
from fugong.notices.services.queueing import expand, page_channel, queue
from fugong.notices.wording import Words
from notices.conftest import NAMED, PLAIN, Here, Time, app_channel, send, states, told

pytestmark = pytest.mark.django_db
ASYNC, MESSAGE = "/topapi/message/corpconversation/asyncsend_v2", "/cgi-bin/message/send"


def test_an_audience_is_resolved_when_it_is_sent_and_once_is_once(here, time):
    later = queue(
        words=PLAIN, audience="enterprise", of=here.enterprise, actor=None, now=time.now, send_at=time.now + 60
    )
    send(time)
    assert Delivery.objects.count() == 0
    time.now += 60
    send(time)
    assert states(later, page_channel()) == {"sent": 10}
    assert expand(notice_id=later.pk, now=time.now) == 0
    first = queue(words=PLAIN, workers=here.workers[:3], actor=None, now=time.now, once="register:2020-03-09")
    second = queue(words=PLAIN, workers=here.workers[:5], actor=None, now=time.now, once="register:2020-03-09")
    assert first == second
    assert states(first, page_channel()) == {"queued": 5}
    second.refresh_from_db()
    assert second.counted == 5
    assert compose.cancel(notice_id=first.pk, now=time.now) == 5
    queue(words=PLAIN, workers=here.workers, actor=None, now=time.now, once="register:2020-03-09")
    assert states(first, page_channel()) == {"cancelled": 5}  # what was stopped is told to nobody else


def draft_of(here: Here, time: Time, actor, audience: str = "enterprise", of=None, **more) -> Notice:
    given = compose.Draft(
        PLAIN, "zh", audience, of if audience != "enterprise" else here.enterprise, more.pop("channels", ()), **more
    )
    return compose.draft(given=given, actor=actor, now=time.now)


def refused(code: str, call, **given) -> None:
    with pytest.raises(Fault) as fault, transaction.atomic():
        call(**given)
    assert fault.value.code == code


def test_two_clicks_for_an_enterprise_and_two_people_for_the_town(here, time):
    mine = draft_of(here, time, here.clerk)
    assert (mine.enterprise_id, mine.state) == (here.enterprise, "draft")
    send(time)
    assert Delivery.objects.count() == 0
    refused("notices.recounted", compose.confirm, notice_id=mine.pk, shown=9, sure=True, actor=here.clerk, now=time.now)
    refused(
        "notices.not_sure", compose.confirm, notice_id=mine.pk, shown=10, sure=False, actor=here.clerk, now=time.now
    )
    refused(
        "notices.not_draft", compose.confirm, notice_id=mine.pk, shown=10, sure=True, actor=here.admin, now=time.now
    )
    compose.confirm(notice_id=mine.pk, shown=10, sure=True, actor=here.clerk, now=time.now)
    send(time)
    assert states(mine, page_channel()) == {"sent": 10}
    whole = draft_of(here, time, here.admin, "town")
    compose.confirm(notice_id=whole.pk, shown=10, sure=True, actor=here.admin, now=time.now)
    send(time)
    whole.refresh_from_db()
    assert whole.state == "waiting"
    refused("notices.own", compose.approve, notice_id=whole.pk, actor=here.admin, now=time.now)
    compose.approve(notice_id=whole.pk, actor=here.deputy, now=time.now)
    send(time)
    assert states(whole, page_channel()) == {"sent": 10}
    refused("notices.unknown_audience", draft_of, here=here, time=time, actor=here.clerk, audience="town")
    refused("notices.gone", compose.cancel, notice_id=whole.pk, now=time.now)


def test_a_scheduled_notice_can_be_stopped_before_it_goes(here, time, wecom):
    way = app_channel(wecom)
    notice = draft_of(here, time, here.clerk, channels=[way.pk], send_at=time.now + 3_600)
    compose.confirm(notice_id=notice.pk, shown=10, sure=True, actor=here.clerk, now=time.now)
    assert compose.cancel(notice_id=notice.pk, now=time.now) == 0
    time.now += 3_700
    send(time)
    assert wecom.calls_of(MESSAGE) == []


@pytest.mark.parametrize("answer", [Answer("later", "-1"), Answer("later", "45009", hold=60), Answer("unknown", "?")])
def test_what_was_on_its_way_when_a_notice_was_stopped_is_not_sent_again(here, time, wecom, answer):
    way = app_channel(wecom)
    notice = told(here, time, way, NAMED)
    letter = letters.next_due(way, time.now)
    attempt = work.note(way, letter, time.now)
    assert compose.cancel(notice_id=notice.pk, now=time.now) == 9
    work.record(attempt, letter, answer, time.now)
    time.now += 61
    send(time)
    assert wecom.calls_of(MESSAGE) == []
    left = {"cancelled": 10} if answer.outcome == "later" else {"cancelled": 9, "unknown": 1}
    assert states(notice, way) == left


def test_what_a_person_sent_again_goes_on_where_the_rest_of_the_call_is_stopped(here, time, wecom):
    way = app_channel(wecom)
    ways = {"channels": [way.pk, page_channel().pk], "once": "water"}
    notice = told(here, time, way, **ways, workers=here.workers[:4])
    work.record(
        work.note(way, first := letters.next_due(way, time.now), time.now), first, Answer("refused", "?"), time.now
    )
    failed = Delivery.objects.filter(notice=notice, state="dead").values_list("pk", flat=True)
    deliveries.send_again(deliveries=failed, actor=here.admin.pk, now=time.now)
    told(here, time, way, **ways)
    letter = letters.next_due(way, time.now)
    attempt = work.note(way, letter, time.now)
    compose.cancel(notice_id=notice.pk, now=time.now)
    assert work.record(attempt, letter, Answer("later", "-1"), time.now) == {"stopped": 6, "later": 4, "dead": 0}
    assert states(notice, way) == {"cancelled": 6, "queued": 4}


@pytest.mark.parametrize(
    ("text", "code"),
    [("{nmae}", "unknown_variable"), ("{name", "braces"), ("{seat}", "no_value"), ("长" * 700, "too_long")],
)
def test_words_that_cannot_be_sent_are_refused_with_what_to_do(here, time, text, code):
    given = compose.Draft(Words(Text("通知", ""), Text(text, "")), "zh", "enterprise", here.enterprise, ())
    refused(f"notices.{code}", compose.draft, given=given, actor=here.clerk, now=time.now)
    assert variables.sample_values()["name"]
