"""The town, its channels over the fakes, and a clock that stands until a test moves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

import builders
from fugong.base import access, clock
from fugong.core.text import Text
from fugong.notices.models import Channel, Delivery, Notice
from fugong.notices.sending import receipts, work
from fugong.notices.services import setup
from fugong.notices.services.queueing import queue
from fugong.notices.wording import Words
from notices.fake_dingtalk import FakeDingTalk
from notices.fake_wecom import FakeWeCom

PLAIN = Words(Text("停水通知", "No water"), Text("明天停水。", "No water tomorrow."))
NAMED = Words(Text("通知", "Notice"), Text("{name}，请明天来。", "{name}, please come tomorrow."))


class Time:
    def __init__(self) -> None:
        self.now = builders.NOW


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock stands at 09:30 on 9 March 2020 until a test moves it."""
    stopped = Time()
    monkeypatch.setattr(clock, "now", lambda: stopped.now)
    return stopped


@pytest.fixture
def dingtalk() -> Iterator[FakeDingTalk]:
    fake = FakeDingTalk()
    with fake.serving():
        yield fake


@pytest.fixture
def wecom() -> Iterator[FakeWeCom]:
    fake = FakeWeCom()
    with fake.serving():
        yield fake


@dataclass
class Here:
    """A town with an enterprise and ten workers, whose ids at both providers are ``u0`` to ``u9``."""

    enterprise: UUID
    workers: list[UUID]
    admin: object
    deputy: object
    clerk: object


def people(count: int) -> Here:
    """Workers with addresses at both providers."""
    builders.town()
    made = builders.enterprise()
    workers = builders.workers(made, count)
    for kind in ("dingtalk", "wecom"):
        rows = [(one, None, f"u{n}") for n, one in enumerate(workers)]
        setup.save_addresses(kind=kind, rows=rows, now=builders.NOW)
    users = (builders.user("town_administrator"), builders.user("deputy"), builders.user("enterprise_clerk", made.pk))
    return Here(made.pk, workers, *users)


@pytest.fixture
def here(db: None, time: Time) -> Here:
    return people(10)


def channel(kind: str, base_url: str, secret: dict[str, str], *, automatic: bool = False, **more: object) -> Channel:
    """A channel that is in use."""
    settings = {
        name: str(more.pop(name))
        for name in ("agent_id", "url", "phone_field", "text_field", "key_field", "ok_field", "ok_value", "keyword")
        if name in more
    }
    return setup.save_channel(
        kind=kind, name=f"channel {kind} {len(base_url)}", base_url=base_url, settings=settings, secret=secret, automatic=automatic,
        active=True, actor=None, now=builders.NOW, **more,
    ).channel  # fmt: skip


def work_channel(fake: FakeDingTalk, **more: object) -> Channel:
    given = {"agent_id": fake.agent, **more}
    return channel("dingtalk_work", fake.url, {"app_key": fake.app[0], "app_secret": fake.app[1]}, **given)


def app_channel(fake: FakeWeCom, **more: object) -> Channel:
    given = {"agent_id": fake.agent, **more}
    return channel("wecom_app", fake.url, {"corp_id": fake.corp[0], "corp_secret": fake.corp[1]}, **given)


def send(time: Time) -> dict[str, int]:
    """One run of the steward's task."""
    with access.acting(access.as_system("a test")):
        return dict(work.work(budget=60, started=time.now))


def collect(now: int) -> dict[str, int]:
    """One run of the task that asks for receipts."""
    with access.acting(access.as_system("a test")):
        return dict(receipts.collect(now))


def states(notice: Notice, way: Channel) -> dict[str, int]:
    """How many deliveries of a notice by a channel are in which state."""
    found: dict[str, int] = {}
    for state in Delivery.objects.filter(notice=notice, channel=way).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def told(here: Here, time: Time, way: Channel, words: Words = PLAIN, **more) -> Notice:
    """A notice to all ten by one channel."""
    given = {"workers": here.workers, "channels": [way.pk], **more}
    return queue(words=words, actor=None, now=time.now, **given)
