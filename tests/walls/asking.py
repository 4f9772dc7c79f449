"""Asking every address for what is another's, and reading what comes back."""

from __future__ import annotations

import difflib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test import Client

import builders
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.base.reasons import REASONS
from fugong.registry.models import Enterprise
from walls.routes import API, Route
from walls.side import SCOPED, Side

NOBODYS = {"logout/", "language/", "healthz", f"{API}openapi.json", f"{API}docs", API}
"""Addresses that know nobody, or end the session of whoever asks."""
PLAIN = {"kind": "test", "key": "surveyed", "name": builders.PACK, "code": "aaaaa-aaaaa", "language": "en",
         "way": "sms", "template": "trip", "token": "AAAA"}  # fmt: skip
"""Parameters of addresses that are nobody's ids."""


@dataclass(frozen=True, eq=False)
class Asked:
    """One request."""

    method: str
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    json: Any = None

    @property
    def sent(self) -> str:
        """All that was sent, as text: what comes back of it was not told."""
        return f"{self.path} {self.data} {self.json}"


def made_up() -> Side:
    """A side that nobody has ever heard of: the same kinds of ids, names and numbers."""
    enterprise = Enterprise(subject_id=uuid4(), credit_code=builders.credit_code(977), name="乌有纺织有限公司")
    users = {name: User(id=uuid4(), username=f"nobody-{name}") for name in SCOPED}
    names = ("公孙杳然", "独孤寂寥", "澹台虚怀")
    numbers = [builders.resident_number(971 + n) for n in range(3)]
    ids = [uuid4() for _n in range(3)]
    return Side(
        "x", uuid4(), uuid4(), enterprise, uuid4(), uuid4(), uuid4(), ids, names, numbers, [f"1399{n}117733" for n in range(3)], users
    )  # fmt: skip


def texts(side: Side) -> list[str]:
    """What somebody types who looks for a side's people and places."""
    return [
        side.names[0], side.names[0][:2], side.names[1], side.numbers[0], side.numbers[0][-4:], side.phones[0],
        side.phones[0][-4:], f"{side.key.upper()}badge0", str(side.workers[0]), side.enterprise.name,
        side.enterprise.credit_code,
    ]  # fmt: skip


def form(side: Side, document: UUID, text: str) -> dict[str, Any]:
    """Whatever a form may ask, answered with what is a side's own."""
    return {
        "q": text, "site": side.site, "door-name": "后门", "door": side.door, "worker": side.workers[0], "leaver": side.workers[0],
        "fact": side.fact, "permission": "work", "look": "1", "number": document, "reason": next(iter(REASONS)),
        "enterprise": side.enterprise.credit_code, "username": "newcomer", "role": "guard", "tail": side.numbers[0][-4:],
        "id": uuid4(), "check": uuid4(), "direction": "in", "celsius": "36.5", "well": "yes", "sure": "on", "guard": side.users["worker"].pk,
        "patch": side.patch, "password": "x", "subject": side.workers[0], "actor": side.users["worker"].pk,
    }  # fmt: skip


def payloads(route: Route, side: Side) -> list[Any]:
    """What programs send, with what is a side's own."""
    name = route.pattern.removeprefix(API)
    worker, at = str(side.workers[0]), builders.NOW - 60
    return {
        "doors/<door>/workers": [{"q": text} for text in texts(side)],
        "doors/<door>/checks": [
            [{"id": str(uuid7()), "worker": worker, "celsius": 36.5}, {"id": str(uuid7()), "worker": worker, "colour": "green"}],
            [{"id": str(side.check), "worker": worker}, {"id": str(uuid7()), "kind": "undo", "check": str(side.check)}],
            [{"id": str(uuid7()), "kind": "told", "check": str(side.check), "who": "x"},
             {"id": str(uuid7()), "kind": "override", "check": str(side.refused), "reason": "rescue"}],
        ],
        "doors/<door>/decide": [{"worker": worker, "celsius": 36.5}, {"worker": worker, "id": str(side.check)}],
        "waiting/<act_id>/agree": [{"losing": 60, "gaining": 0}],
        "waiting/<act_id>/refuse": [{"reason": "x"}],
        "doors/<door>/checks/<check>/override": [{"reason": "rescue"}],
        "me/requests": [
            {"kind": "correction", "wrong": "x", "fact": str(side.fact)}, {"kind": "who_looked", "wrong": "x", "look": "1"},
        ],
        "me/requests/<request_id>/take-back": [{}],
        "requests/<request_id>/answer": [{"granted": False, "answer": "x"}],
        "facts/<kind>": [
            [{"subject": worker, "at": at, "values": TEST}],
            [{"subject": str(side.enterprise.pk), "at": at, "values": TEST}],
            [{"document": {"number": side.numbers[0]}, "at": at, "values": TEST}],
        ],
        "workers/<worker>/number": [{"number": "phone", "reason": next(iter(REASONS))}],
    }.get(name, [{}])  # fmt: skip


TEST = {"result": "negative", "sampled_at": builders.NOW - 60, "reported_at": builders.NOW - 50}


def requests(route: Route, own: Side, other: Side, document: UUID) -> Iterator[Asked]:
    """All that is tried on one route: each of its ids another side's, alone and together; and what is sent along."""
    mine = own.in_addresses() | PLAIN
    theirs = other.in_addresses() | PLAIN | {"measure": mine["measure"]}  # a measure is published: it is nobody's
    unknown = {name: uuid4() for name in ("adoption",)}
    variants = [
        unknown | mine | {name: theirs[name] for name in some if name in theirs} for some in _choices(route.ids)
    ]
    for name in route.ids:
        variants += [unknown | mine | {name: one} for one in other.more_of_a_kind().get(name, [])]
    for ids in variants:
        path = route.path(ids)
        for method in route.methods:
            if route.of_api and method == "POST":
                yield from (Asked(method, path, json=payload) for payload in payloads(route, other))
            else:
                for text in texts(other) if SEARCHED.search(route.pattern) else texts(other)[:1]:
                    yield Asked(method, path, data=form(other, document, text))


SEARCHED = re.compile(
    r"^(workers/|doors/|doors/<uuid:door_id>/(found/)?|enterprises/<uuid:enterprise_id>/|logins/|audit/)$"
)


def _choices(names: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Which of a route's ids are another side's: all of them, one, or none (only what is sent along)."""
    return {names, (), *((name,) for name in names)}


ANY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TOKENS = re.compile(
    r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+|\bs=[0-9a-f]{16,}|[0-9a-f]{64}'
    r"|base64,[A-Za-z0-9+/=]+|\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b|\b[a-z2-9]{5}-[a-z2-9]{5}\b"
    r'|<path stroke="#000" d="[^"]+"'
)
"""Tokens of forms and searches, and passwords and codes (also as pictures) that are made at random."""


@dataclass(frozen=True)
class Answer:
    """What came back: all of it as text."""

    status: int
    text: str


def ask(client: Client, asked: Asked, unchanged: Side | None = None, before: str = "") -> Answer:
    """Send a request, follow where it leads, and undo whatever it did; of ``unchanged`` nothing may have changed."""
    cookies = client.cookies.copy()
    more: dict[str, Any] = {"data": asked.data}
    if asked.json is not None:
        more = {"data": json.dumps(asked.json), "content_type": "application/json"}
    with transaction.atomic():
        response = getattr(client, asked.method.lower())(asked.path, follow=True, **more)
        said = text_of(b"".join(response.streaming_content) if response.streaming else response.content)
        led = " ".join(address for address, _status in response.redirect_chain)
        assert unchanged is None or asked.method == "GET" or state(unchanged) == before, asked
        transaction.set_rollback(True)
    client.cookies = cookies
    return Answer(response.status_code, f"{led} {dict(response.headers)} {said}")


def text_of(content: bytes) -> str:
    """What an answer says: a workbook's sheets are unpacked; the text of a PDF stands in the JSON that goes with it.

    A pass as a picture says what its page says (``tests/doors/passes``); its code is another one each time.
    """
    if content.startswith(b"%PDF-"):
        return "a PDF"
    if content.startswith(b"\x89PNG"):
        return "a picture"
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return " ".join(
            book.read(one).decode() for one in book.namelist() if one.endswith(".xml") and "docProps" not in one
        )


_SIGNED = re.compile(
    r"'(?:Fugong-Signature|ETag)': '[^']*'|\"number\": ?\d+|(?<=/badges/)[\w-]{11}(?=/revoke/)|(?<=<code translate=\"no\">)[\w-]{4}(?=</code>)"
)


def plain(answer: Answer, words: Iterable[str]) -> tuple[int, str]:
    """An answer without the ids and words that were asked for."""
    text = _TOKENS.sub("‹token›", ANY_ID.sub("‹id›", unquote(answer.text)))
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "‹word›")
    text = _SIGNED.sub("‹signed›", text)  # signatures, numbers of transactions, ids of passes are others each time
    return answer.status, re.sub(r"'Content-Length': '\d+'", "", text)


def difference(one: tuple[int, str], other: tuple[int, str]) -> list[str]:
    """Where two answers differ, line by line."""
    if one == other:
        return []
    lines = difflib.unified_diff(one[1].splitlines(), other[1].splitlines(), lineterm="", n=0)
    return [f"{one[0]} {other[0]}", *(line[:200] for line in lines if line[:2] not in ("--", "++", "@@"))][:8]


def told(answer: Answer, secrets: Iterable[str], asked: Asked) -> set[str]:
    """What of another's comes back that wasn't sent."""
    return {secret for secret in secrets if secret in unquote(answer.text) and secret not in asked.sent}


UNCHANGED = """
SELECT md5(concat(
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM ledger_fact AS t WHERE t.subject_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.subject_id) FROM registry_worker AS t WHERE t.subject_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM registry_employment AS t WHERE t.worker_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM registry_document AS t WHERE t.worker_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM registry_door AS t WHERE t.site_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM registry_upload AS t WHERE t.enterprise_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.worker_id, t.permission) FROM clearance_clearance AS t WHERE t.worker_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM redress_request AS t WHERE t.worker_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM base_user AS t WHERE t.scope_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM base_entrycode AS t WHERE t.worker_id = ANY(%(subjects)s)),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM base_usersession AS t WHERE t.id = %(session)s),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM clearance_waitingact AS t WHERE t.id = %(act)s)
))
"""


def state(side: Side) -> str:
    """A digest of all that is a side's own."""
    subjects = [side.enterprise.pk, side.site, side.hotel, side.team, *side.workers]
    with connection.cursor() as cursor:
        cursor.execute(UNCHANGED, {"subjects": subjects, "session": side.session, "act": side.act})
        return str(cursor.fetchone()[0])
