"""A notice to 5,000 people by a real process that is killed in the middle: nothing is lost, nothing is sent twice in silence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time as wall
from collections import Counter
from uuid import UUID

import pytest
from django.db import connection

import builders
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.core.text import Text
from fugong.notices.models import Attempt, Delivery
from fugong.notices.services import deliveries, setup
from fugong.notices.services.queueing import queue
from fugong.notices.wording import Words
from fugong.registry import bulk
from notices.conftest import states, work_channel
from notices.fake_dingtalk import FakeDingTalk, Pace
from operations.commands import on_server

pytestmark = pytest.mark.django_db(transaction=True)
SEND = "/topapi/message/corpconversation/asyncsend_v2"
WORDS = Words(Text("停水通知", "No water"), Text("明天 8 点至 12 点停水。", "No water from 8 to 12 tomorrow."))


def sender() -> subprocess.Popen[str]:
    """``fugong notices send``, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "fugong", "notices", "send", "--seconds", "60"], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, **on_server(), "FUGONG_LANGUAGE": "en"},
    )  # fmt: skip


def ends(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def kill_at(fake, call: int, path: str, running: list[subprocess.Popen[str]]) -> None:
    """When the fake has taken the n-th call for a path, and before it answers, the sender is killed."""

    def before_answer(asked: str) -> None:
        if asked == path and len(fake.calls_of(path)) == call:
            running[0].send_signal(signal.SIGKILL)
            running[0].wait(10)

    fake.before_answer = before_answer


def alone() -> None:
    """Wait until the killed process's connection is gone: PostgreSQL sees its end when it reads from it next."""
    for _try in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [0x6E_6F_74])
            if cursor.fetchone()[0] == 0:
                return
        wall.sleep(0.05)
    raise AssertionError("the lock of the killed sender is still there")


def five_thousand() -> list[UUID]:
    """People with a user id each; nothing else is known of them."""
    found = [uuid7() for _one in range(5_000)]
    bulk.write_workers([bulk.NewWorker(one, "陈明") for one in found])
    setup.save_addresses(kind="dingtalk", rows=[(one, None, f"u{n}") for n, one in enumerate(found)], now=clock.now())
    return found


def test_five_thousand_by_a_sender_that_is_killed_after_the_tenth_batch_was_taken():
    workers, admin = five_thousand(), builders.user("town_administrator")
    dingtalk = FakeDingTalk()
    dingtalk.users = {f"u{n}" for n in range(5_000)}
    dingtalk.work_pace = Pace(50, 1)  # the clock of the limit is scaled down; the sender keeps to it by itself
    with dingtalk.serving():
        way = work_channel(dingtalk, most=50, seconds=1)
        notice = queue(words=WORDS, workers=workers, channels=[way.pk], actor=None, now=clock.now())
        assert states(notice, way) == {"queued": 5_000}
        running: list[subprocess.Popen[str]] = []
        kill_at(dingtalk, 10, SEND, running)
        running.append(sender())
        running[0].communicate(timeout=60)
        assert running[0].returncode == -signal.SIGKILL
        # Killed between the acceptance and our commit: of the tenth batch, as a whole, nobody knows.
        assert states(notice, way) == {"sent": 900, "sending": 100, "queued": 4_000}
        dingtalk.before_answer = lambda path: None
        alone()

        said = ends(sender())
        assert "unknown 100" in said
        assert states(notice, way) == {"sent": 4_900, "unknown": 100}
        lost = Attempt.objects.get(outcome="unknown")
        assert (len(lost.people), lost.code) == (100, "sender_died")
        assert len(dingtalk.calls_of(SEND)) == 50  # the hundred were not asked for again
        assert dingtalk.too_often == 0
        assert Counter(map(len, dingtalk.inbox.values())) == {1: 5_000}

        # Nothing brings them back but a person; DingTalk then drops what each of them has had on the same day.
        assert deliveries.send_again(deliveries=lost.people, actor=admin.pk, now=clock.now()) == 100
        ends(sender())
        assert states(notice, way) == {"sent": 5_000}
        assert len(dingtalk.calls_of(SEND)) == 51
        assert Counter(map(len, dingtalk.inbox.values())) == {1: 5_000}
        assert Delivery.objects.filter(again="person", again_by=admin.pk).count() == 100
