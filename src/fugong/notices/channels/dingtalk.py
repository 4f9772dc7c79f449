"""DingTalk: group robots with a signature, and work notifications with read receipts.

After the Open Platform's pages "Custom robot access", "Customise robot security settings", "Send work notifications" and
"Get the result of sending work notifications" (open.dingtalk.com). Errors come with the status 200 and an ``errcode``.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fugong.notices.channels.common import (
    A_MINUTE,
    Adapter,
    Answer,
    Letter,
    Reply,
    Way,
    by_status,
    numbered,
    post_json,
    safely,
)
from fugong.notices.channels.tokens import OVER, TOO_OFTEN, TROUBLE, with_token
from fugong.notices.models import ACCEPTED, LATER, REFUSED

BASE = "https://oapi.dingtalk.com"
LOCKED_OUT = 10 * A_MINUTE
"""So long a robot is silenced that has sent more than 20 messages in a minute."""
SUSPENDED = 10
"""So long nothing is asked of an interface that says it was asked too often; it says that this is over in a second."""


class Robot(Adapter):
    """A custom robot of one group: no addresses, no receipts, 20 messages a minute."""

    default_url = BASE
    may = ("keyword",)
    secrets = ("access_token", "sign_secret")

    def send(self, way: Way, letter: Letter) -> Answer:
        """Write into the group."""
        query: dict[str, object] = {"access_token": way.secret.get("access_token", "")}
        if way.secret.get("sign_secret"):
            query |= {"timestamp": way.milliseconds, "sign": signature(way.secret["sign_secret"], way.milliseconds)}
        keyword = str(way.settings.get("keyword", ""))
        text = letter.whole if keyword in letter.whole else f"{keyword} {letter.whole}"
        message = {"msgtype": "text", "text": {"content": text}}
        return safely(lambda: _of_robot(post_json(way.url("/robot/send", **query), message, timeout=way.timeout)))


def signature(secret: str, milliseconds: int) -> str:
    """HMAC-SHA256 of the timestamp and the secret, under the secret, in base64."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), "sha256")).decode()


def _of_robot(reply: Reply) -> Answer:
    trouble = by_status(reply)
    if trouble is not None:
        return trouble
    code, found = numbered(reply)
    words = str(found.get("errmsg", ""))[:200]
    if code == 0:
        return Answer(ACCEPTED)
    if code in (130101, 410100):  # too fast: the robot is silenced
        return Answer(LATER, str(code), words, hold=LOCKED_OUT)
    if code == -1:  # the system is busy
        return Answer(LATER, str(code), words)
    if code in (300001, 400101, 400102) or (code == 310000 and "keyword" not in words):  # the robot isn't opened so
        return Answer(LATER, str(code), words, hold=TROUBLE)
    return Answer(REFUSED, str(code), words)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a work notification, by user id; who is in none of these has not been decided yet."""

    invalid: frozenset[str]
    forbidden: frozenset[str]
    failed: frozenset[str]
    read: frozenset[str]
    unread: frozenset[str]


class Work(Adapter):
    """Work notifications of an app of the organisation: up to 100 user ids a call, sent later, with receipts.

    DingTalk drops the same text to the same person on the same day, but says "ok" to whoever sends it: no key of the
    sender's own. What nobody knows of is therefore left to a person.
    """

    batch, repeatable, default_url = 100, 0, BASE
    needs = ("agent_id",)
    secrets = ("app_key", "app_secret")

    def send(self, way: Way, letter: Letter) -> Answer:
        """Give the app a task to notify these users."""
        data = {
            "agent_id": way.settings.get("agent_id"), "userid_list": ",".join(letter.to),
            "msg": {"msgtype": "text", "text": {"content": letter.whole}},
        }  # fmt: skip

        def with_this(token: str) -> Answer:
            url = way.url("/topapi/message/corpconversation/asyncsend_v2", access_token=token)
            return safely(lambda: _of_work(post_json(url, data, timeout=way.timeout)))

        return with_token(way, _token_url(way), with_this)

    def result(self, way: Way, ref: str) -> Result | None:
        """Who got and who read what a task sent; None when DingTalk cannot say so now."""
        found: list[Mapping[str, Any]] = []
        data = {"agent_id": way.settings.get("agent_id"), "task_id": int(ref)}

        def with_this(token: str) -> Answer:
            url = way.url("/topapi/message/corpconversation/getsendresult", access_token=token)

            def ask() -> Answer:
                reply = post_json(url, data, timeout=way.timeout)
                answer = by_status(reply) or _of_work(reply)
                if answer.outcome == ACCEPTED:
                    found.append(reply.json().get("send_result") or {})
                return answer

            return safely(ask)

        with_token(way, _token_url(way), with_this)
        return _result(found[0]) if found else None


def _token_url(way: Way) -> str:
    return way.url("/gettoken", appkey=way.secret.get("app_key", ""), appsecret=way.secret.get("app_secret", ""))


def _of_work(reply: Reply) -> Answer:
    trouble = by_status(reply)
    if trouble is not None:
        return trouble
    number, found = numbered(reply)
    if number == 0:
        return Answer(ACCEPTED, ref=str(found.get("task_id", "")))
    # 88 says that something is wrong with who asks, and its ``sub_code`` what
    code = str(found.get("sub_code") or number) if number == 88 else str(number)
    words = str(found.get("sub_msg") or found.get("errmsg") or "")[:200]
    if code in TOO_OFTEN:
        return Answer(LATER, code, words, hold=SUSPENDED)
    if code in OVER:
        return Answer(LATER, code, words, hold=A_MINUTE)
    return Answer(LATER if code == "-1" else REFUSED, code, words)


def _result(found: Mapping[str, Any]) -> Result:
    def ids(name: str) -> frozenset[str]:
        given = found.get(f"{name}_user_id_list") or []
        return frozenset(given.split(",") if isinstance(given, str) else map(str, given))

    return Result(ids("invalid"), ids("forbidden"), ids("failed"), ids("read"), ids("unread"))
