"""WeCom: group robots, and app messages with the provider's own check against sending twice.

After the Developer Center's pages "Group robot configuration", "Get access_token", "Send app messages" and "Global error
codes" (developer.work.weixin.qq.com). Errors come with the status 200 and an ``errcode``.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from fugong.notices.channels.tokens import TROUBLE, with_token
from fugong.notices.models import ACCEPTED, LATER, REFUSED

BASE = "https://qyapi.weixin.qq.com"
CHECKED = 4 * 60 * A_MINUTE
"""The longest time for which WeCom drops the same request sent again (``duplicate_check_interval``)."""
TOO_OFTEN = {45009, 45033, 45029}


class Robot(Adapter):
    """A robot of one group: no addresses, no receipts, 20 messages a minute."""

    default_url = BASE
    secrets = ("key",)

    def send(self, way: Way, letter: Letter) -> Answer:
        """Write into the group."""
        url = way.url("/cgi-bin/webhook/send", key=way.secret.get("key", ""))
        message = {"msgtype": "text", "text": {"content": letter.whole}}
        return safely(lambda: _answer(post_json(url, message, timeout=way.timeout), ()))


class App(Adapter):
    """Messages of an app of the organisation: up to 1,000 user ids a call.

    With ``enable_duplicate_check`` the same request within four hours reaches nobody twice: that is the channel's own key.
    """

    batch, repeatable, default_url = 1_000, CHECKED, BASE
    needs = ("agent_id",)
    secrets = ("corp_id", "corp_secret")

    def send(self, way: Way, letter: Letter) -> Answer:
        """Send to these users."""
        data = {
            "touser": "|".join(letter.to), "msgtype": "text", "agentid": way.settings.get("agent_id"),
            "text": {"content": letter.whole}, "safe": 0, "enable_duplicate_check": 1, "duplicate_check_interval": CHECKED,
        }  # fmt: skip

        def with_this(token: str) -> Answer:
            url = way.url("/cgi-bin/message/send", access_token=token)
            return safely(lambda: _answer(post_json(url, data, timeout=way.timeout), letter.to))

        fetch = way.url(
            "/cgi-bin/gettoken", corpid=way.secret.get("corp_id", ""), corpsecret=way.secret.get("corp_secret", "")
        )
        return with_token(way, fetch, with_this)


def _answer(reply: Reply, to: Sequence[str]) -> Answer:
    trouble = by_status(reply)
    if trouble is not None:
        return trouble
    code, found = numbered(reply)
    words = str(found.get("errmsg", ""))[:200]
    if code == 0:
        bad = {one for one in str(found.get("invaliduser") or "").lower().split("|") if one}
        known = frozenset(one for one in to if one.lower() in bad)  # WeCom gives ids back in lower case
        return Answer(ACCEPTED, ref=str(found.get("msgid", "")), bad=known)
    if code in TOO_OFTEN:
        return Answer(LATER, str(code), words, hold=A_MINUTE)
    if code in (40014, 42001, -1):
        return Answer(LATER, str(code), words)
    if code in (40001, 40013, 93000, 60020, 48002):  # the channel isn't opened so
        return Answer(LATER, str(code), words, hold=TROUBLE)
    return Answer(REFUSED, str(code), words)
