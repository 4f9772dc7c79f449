"""What people were told: sent as the sender does it, at the moment of the story; and who has read it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fugong.base import local
from fugong.core.text import Text
from fugong.notices.channels.common import Answer
from fugong.notices.models import ACCEPTED, Delivery
from fugong.notices.sending import letters, work
from fugong.notices.services.queueing import expand, page_channel, queue
from fugong.notices.wording import Words
from fugong.scenario.daily import hash_of
from fugong.scenario.world import HOUR, World

TO_CLERKS = Words(
    Text("关于报送返岗人员名单的通知", "Lists of those who come back"),
    Text(
        "请各企业于今日 18 时前核对本企业花名册和返岗计划，未摸排的员工请尽快完成摸排。",
        "Every enterprise checks its roster and who comes back by 18:00 today, and surveys those who have not been asked.",
    ),
)


def plan(world: World) -> None:
    """On the last day the town writes to every enterprise's clerk."""

    def to_clerks(now: int) -> None:
        actor = world.actors["town"]
        notice = queue(words=TO_CLERKS, audience="clerks", actor=actor, now=now)
        expand(notice_id=notice.pk, now=now)
        arrive(now)
        read([one for one in notice.deliveries.values_list("user", flat=True) if one], now + HOUR)

    world.plan(local.start_of_day(world.days[-1]) + 9 * HOUR, to_clerks)


def arrive(now: int) -> None:
    """What is due arrives on people's own pages."""
    page = page_channel()
    while (letter := letters.next_due(page, now)) is not None:
        if letter.to_send:
            work.record(work.note(page, letter, now), letter, Answer(ACCEPTED), now)


def read(people: Sequence[UUID], now: int) -> None:
    """Four of five have opened what came to them."""
    who = [one for one in people if hash_of(one) % 5]
    rows = Delivery.objects.filter(opened_at=None, due_at__lte=now)
    rows.filter(worker__in=who).update(opened_at=now)
    rows.filter(user__in=who).update(opened_at=now)
