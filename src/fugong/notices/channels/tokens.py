"""The tokens of DingTalk and WeCom: fetched once, kept for all processes, fetched anew when the provider says one is over."""

from __future__ import annotations

from collections.abc import Callable

from fugong.notices.channels.common import (
    A_MINUTE,
    Answer,
    NobodyKnowsError,
    NotSentError,
    Way,
    by_status,
    call,
    numbered,
)
from fugong.notices.models import LATER

OVER = {"40014", "42001"}
"""Codes that say that a token is over."""
TOO_OFTEN = {"90002", "90018"}
"""Codes of DingTalk by which it says that it is asked too often."""
_EARLY = 300  # seconds before its end a token is no longer used
TROUBLE = 5 * A_MINUTE
"""So long a channel is held that can't be opened."""


def with_token(way: Way, fetch: str, send: Callable[[str], Answer]) -> Answer:
    """Send with a token that holds; ``fetch`` is the address that gives one.

    When the provider says that it is over, nothing was sent: it is fetched anew, and tried once more.
    """
    token = way.token
    for last in (False, True):
        if not token:
            token, trouble = _fetched(way, fetch)
            if trouble is not None:
                return trouble
        answer = send(token)
        if last or answer.code not in OVER:
            return answer
        token = ""
    raise AssertionError


def _fetched(way: Way, url: str) -> tuple[str, Answer | None]:
    """A new token, or what stands in the way; nothing was sent in any case."""
    try:
        reply = call(url, timeout=way.timeout)
        trouble = by_status(reply)
        if trouble is not None:
            return "", Answer(LATER, trouble.code, hold=trouble.hold or A_MINUTE)
        code, found = numbered(reply)
    except (NotSentError, NobodyKnowsError) as error:
        return "", Answer(LATER, "no_token", str(error))
    if code != 0 or not found.get("access_token"):
        return "", Answer(LATER, str(code), str(found.get("errmsg", ""))[:200], hold=TROUBLE)
    token = str(found["access_token"])
    way.keep(token, way.now + max(0, int(found.get("expires_in", 7_200)) - _EARLY))
    return token, None
