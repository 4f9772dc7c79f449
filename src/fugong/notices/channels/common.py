"""What every adapter has in common: what it is told, what it answers, and one call by HTTP that knows what it doesn't know.

An adapter never raises. It distinguishes what was certainly not taken (try again), what was refused (a dead letter), what
stops the whole channel (hold it), and what nobody can know: a connection that broke after the request had begun.
"""

from __future__ import annotations

import http.client
import json
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from fugong.notices.models import LATER, REFUSED, UNKNOWN

TIMEOUT = 10.0
"""Seconds for a channel to answer."""
MOST_BYTES = 1_000_000
A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out: to addresses (none for a group), under a key that stays the same when it is sent again."""

    key: str
    title: str
    text: str
    to: Sequence[str] = ()
    link: str = ""
    files: Sequence[tuple[str, str, bytes]] = ()

    @property
    def whole(self) -> str:
        """Title, text and the address where it can be read, as one text."""
        return "\n".join(part for part in (self.title, self.text, self.link) if part)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call.

    ``hold``: for so many seconds nothing goes to this channel, and what was to go waits without having been tried. ``bad`` are
    the addresses that the channel doesn't know. ``ref`` is what the channel calls the message.
    """

    outcome: str
    code: str = ""
    words: str = ""
    ref: str = ""
    hold: int = 0
    bad: frozenset[str] = frozenset()


@dataclass(slots=True)
class Way:
    """A channel as an adapter sees it.

    ``token`` is the provider's token that is kept for all processes; ``keep`` keeps a new one until a moment.
    """

    base_url: str
    settings: Mapping[str, Any]
    secret: Mapping[str, str]
    now: int
    milliseconds: int
    token: str = ""
    keep: Callable[[str, int], None] = field(default=lambda _token, _until: None)
    timeout: float = TIMEOUT

    def url(self, path: str, **query: object) -> str:
        """An address of the provider, or of what stands in its place."""
        return f"{self.base_url.rstrip('/')}{path}" + (f"?{urlencode(query)}" if query else "")


class Adapter(ABC):
    """How a kind of channel is spoken to.

    ``batch``: to how many addresses one call goes. ``repeatable``: for so many seconds the channel itself drops the same
    message sent again (its own key against doing things twice); 0 where it doesn't. ``needs`` are its settings, ``secrets`` what
    is kept encrypted, ``default_url`` the provider's own address.
    """

    batch: int = 1
    repeatable: int = 0
    default_url: str = ""
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()

    @abstractmethod
    def send(self, way: Way, letter: Letter) -> Answer:
        """Send a letter; never raises."""


class NotSentError(Exception):
    """No connection: the request has certainly not arrived."""


class NobodyKnowsError(Exception):
    """The request had begun when the connection broke or the time was over."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer by HTTP."""

    status: int
    body: bytes
    retry_after: str = ""

    def json(self) -> dict[str, Any]:
        """The answer's object. Raises NobodyKnowsError for what is none."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise NobodyKnowsError("no JSON") from error
        if not isinstance(found, dict):
            raise NobodyKnowsError("no object")
        return found


def call(
    url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout: float = TIMEOUT
) -> Reply:
    """One request: GET, or POST with a body. Raises NotSentError or NobodyKnowsError."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    more: dict[str, Any] = {"context": ssl.create_default_context()} if parts.scheme == "https" else {}
    connection = kind(parts.hostname or "", parts.port, timeout=timeout, **more)
    try:
        try:
            connection.connect()
        except (OSError, ValueError) as error:
            raise NotSentError(type(error).__name__) from error
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("GET" if body is None else "POST", target, body, dict(headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(MOST_BYTES), answer.getheader("Retry-After") or "")
        except (OSError, http.client.HTTPException) as error:
            raise NobodyKnowsError(type(error).__name__) from error
    finally:
        connection.close()


def post_json(url: str, data: Mapping[str, Any], *, timeout: float = TIMEOUT) -> Reply:
    """POST an object as JSON in UTF-8."""
    body = json.dumps(data, ensure_ascii=False, sort_keys=True).encode()
    return call(url, body=body, headers={"Content-Type": "application/json; charset=utf-8"}, timeout=timeout)


def safely(ask: Callable[[], Answer]) -> Answer:
    """What a call came to, whatever happened on the way."""
    try:
        return ask()
    except NotSentError as error:
        return Answer(LATER, "no_connection", str(error))
    except NobodyKnowsError as error:
        return Answer(UNKNOWN, "no_answer", str(error))


def by_status(reply: Reply) -> Answer | None:
    """What an HTTP status other than success comes to; None for success.

    429 and 503 say that nothing was done; any other 5xx may come from something in between, after it was done.
    """
    if 200 <= reply.status < 300:
        return None
    code = f"http_{reply.status}"
    if reply.status in (429, 503):
        wait = int(reply.retry_after) if reply.retry_after.isdigit() else A_MINUTE
        return Answer(LATER, code, hold=max(1, wait))
    return Answer(REFUSED if reply.status < 500 else UNKNOWN, code)


def numbered(reply: Reply) -> tuple[int, dict[str, Any]]:
    """The ``errcode`` of DingTalk and WeCom, which answer errors with the status 200, and the whole object."""
    found = reply.json()
    code = found.get("errcode")
    if not isinstance(code, int):
        raise NobodyKnowsError("no errcode")
    return code, found
