"""Two enterprises: every id, name and number of the one, tried with every login of the other, on every address.

What isn't yours looks as if it didn't exist: the answer to a stranger's id is the answer to an id that nobody has. All of it
runs twice: as the application is, and with the application's own filters off, so that only the database stands in the way.
"""

from __future__ import annotations

import difflib
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

import builders
from fugong.base import access
from fugong.base.models import User
from fugong.base.reasons import REASONS
from fugong.clearance.models import WaitingAct
from fugong.redress import services as redress
from fugong.registry.models import Document, Enterprise, Worker
from fugong.registry.uploads import services as uploads
from walls.routes import API, Route, routes
from walls.world import SCOPED, Side, World

NOBODYS = {"logout/", "language/", "healthz", f"{API}openapi.json", f"{API}docs", API}
"""Addresses that know nobody, or end the session of whoever asks."""
PLAIN = {"kind": "test", "key": "surveyed", "name": builders.PACK, "code": "aaaaa-aaaaa"}
"""Parameters of addresses that are nobody's ids."""


@pytest.fixture(params=["both walls", "the database alone"])
def walls_standing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As the application is; and with its filters off."""
    if request.param == "the database alone":
        for module in list(sys.modules.values()):
            if getattr(module, "__name__", "").startswith("fugong.") and hasattr(module, "filtering"):
                monkeypatch.setattr(module, "filtering", lambda: False)
        assert not access.filtering()
    return str(request.param)


# -- what is tried ------------------------------------------------------------------------------------------------------


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


def payloads(route: Route, side: Side, ids: dict[str, object]) -> list[Any]:
    """What programs send, with what is a side's own."""
    name = route.pattern.removeprefix(API)
    worker, at = str(side.workers[0]), builders.NOW - 60
    return {
        "doors/<door>/workers": [{"q": text} for text in texts(side)],
        "doors/<door>/checks": [
            {"worker": worker, "celsius": 36.5}, [{"worker": worker}], {"worker": worker, "id": str(side.check)},
        ],
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
    mine, theirs = own.in_addresses() | PLAIN, other.in_addresses() | PLAIN
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
                yield from (Asked(method, path, json=payload) for payload in payloads(route, other, ids))
            else:
                for text in texts(other) if SEARCHED.search(route.pattern) else texts(other)[:1]:
                    yield Asked(method, path, data=form(other, document, text))


SEARCHED = re.compile(
    r"^(workers/|doors/|doors/<uuid:door_id>/(found/)?|enterprises/<uuid:enterprise_id>/|logins/|audit/)$"
)


def _choices(names: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Which of a route's ids are another side's: all of them, one, or none (only what is sent along)."""
    return {names, (), *((name,) for name in names)}


# -- what comes back ----------------------------------------------------------------------------------------------------

_ANY_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TOKENS = re.compile(
    r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken[^}]+|\bs=[0-9a-f]{16,}|[0-9a-f]{64}'
    r"|base64,[A-Za-z0-9+/=]+|\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b|\b[a-z2-9]{5}-[a-z2-9]{5}\b"
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
    """What an answer says: a workbook's sheets are unpacked; the text of a PDF stands in the JSON that goes with it."""
    if content.startswith(b"%PDF-"):
        return "a PDF"
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return " ".join(
            book.read(one).decode() for one in book.namelist() if one.endswith(".xml") and "docProps" not in one
        )


def plain(answer: Answer, words: Iterable[str]) -> tuple[int, str]:
    """An answer without the ids and words that were asked for."""
    text = _TOKENS.sub("‹token›", _ANY_ID.sub("‹id›", unquote(answer.text)))
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "‹word›")
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


# -- the tests ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", SCOPED)
def test_nothing_of_another_enterprise_is_in_any_answer(role: str, walls_standing: str, two: World):
    own, other, nobody = two.a, two.b, made_up()
    client = Client()
    client.force_login(own.users[role])
    secrets = {str(one) for one in other.ids()} | other.words()
    document, before = Document.objects.get(worker=other.workers[0]).pk, state(other)
    words = {*texts(other), *texts(nobody), *other.words(), *nobody.names, *nobody.numbers, *nobody.phones}
    unlike: list[object] = []
    answered: set[int] = set()
    for route in routes():
        if route.pattern in NOBODYS:
            continue
        closed = set[str]()
        tried = requests(route, own, other, document)
        for theirs, nowhere in zip(tried, requests(route, own, nobody, uuid4()), strict=True):
            if theirs.method in closed:
                continue
            answer = ask(client, theirs, other, before)
            answered.add(answer.status)
            if leaked := told(answer, secrets, theirs):
                unlike.append((route.pattern, theirs.method, "tells", leaked))
            if answer.status in (403, 405):  # this login may not, whatever it asks for
                closed.add(theirs.method)
            elif differs := difference(plain(answer, words), plain(ask(client, nowhere), words)):
                unlike.append((theirs.method, theirs.path, theirs.data.get("q"), theirs.json, differs))
    assert not unlike, "\n".join(map(str, unlike))
    assert {200, 404} <= answered


def answers_to_roster(client: Client, enterprise: UUID, name: str, number: str, *, dry_run: bool) -> dict[str, Any]:
    """What the API says of a roster with one person, without ids."""
    file = SimpleUploadedFile("roster.csv", f"姓名,身份证号,工号\n{name},{number},Q1\n".encode())
    answer = client.post(f"/api/v1/enterprises/{enterprise}/roster", {"file": file, "dry_run": dry_run})
    assert answer.status_code == 200, answer.content
    return {**answer.json(), "missing": len(answer.json()["missing"])}


def test_anothers_worker_imports_as_new_and_the_town_compares(walls_standing: str, two: World):
    own, other, nobody = two.a, two.b, made_up()
    clerk, town, before = Client(), Client(), state(two.b)
    clerk.force_login(own.users["enterprise_clerk"])
    town.force_login(two.town["town_administrator"])
    for dry_run in (True, False):
        theirs = answers_to_roster(clerk, own.enterprise.pk, other.names[0], other.numbers[0], dry_run=dry_run)
        new = answers_to_roster(clerk, own.enterprise.pk, nobody.names[0], nobody.numbers[0], dry_run=dry_run)
        assert theirs["added"] == 1
        assert {**theirs, "missing": 0} == {**new, "missing": 0}
    assert state(other) == before
    file = Worker.objects.exclude(pk=other.workers[0]).get(name=other.names[0])
    page = clerk.get(f"/workers/{file.pk}/file/").content.decode()
    known = clerk.get(f"/workers/{Worker.objects.get(name=nobody.names[0]).pk}/file/").content.decode()
    assert not told(
        Answer(200, page), {str(one) for one in other.ids()} | other.words() - set(other.names), Asked("", "")
    )
    assert page.count("<tr") == known.count("<tr")
    assert clerk.get("/claims/").status_code == 403
    claims = town.get("/claims/").content.decode()
    assert {str(file.pk), str(other.workers[0])} <= set(_ANY_ID.findall(claims))


def test_an_id_that_another_side_used_tells_nothing_of_it(walls_standing: str, two: World):
    own, other = two.a, two.b
    secrets, before = {str(one) for one in other.ids()} | other.words(), state(other)
    fact = {"subject": str(own.workers[0]), "at": builders.NOW - 60, "values": TEST}
    tried = [
        ("enterprise_clerk", Asked("POST", "/api/v1/facts/test", json=[{**fact, "id": str(used)}])) for used in (other.fact, other.check)
    ] + [
        ("guard", Asked("POST", f"/api/v1/doors/{own.door}/checks", json={"worker": str(own.workers[0]), "id": str(other.check)})),
        ("guard", Asked("POST", f"/doors/{own.door}/workers/{own.workers[0]}/check/", data={"check": other.check, "celsius": "36.5", "direction": "in"})),
        ("guard", Asked("POST", f"/api/v1/doors/{own.door}/checks/{other.check}/override", json={"reason": "rescue"})),
    ]  # fmt: skip
    for role, asked in tried:
        client = Client()
        client.force_login(own.users[role])
        answer = ask(client, asked, other, before)
        assert answer.status in (200, 404, 409, 422), asked
        assert not told(answer, secrets, asked), asked


def happen(side: Side) -> None:
    """Much happens at an enterprise: people come, fall ill, are sent away, ask; lists, acts and logins are added."""
    clerk = side.users["enterprise_clerk"]
    new = builders.workers(side.enterprise, 5, first=400 if side.key == "a" else 500)
    for worker in new:
        builders.survey(worker)
        builders.record(worker, "temperature", builders.NOW - 600, {"celsius": 39.1, "place": "door"}, source="door")
    builders.record(
        side.workers[0], "temperature", builders.NOW - 500, {"celsius": 39.4, "place": "door"}, source="door"
    )
    builders.record(new[0], "observation", builders.NOW - 400, {"site": str(side.hotel), "room": "302"})
    builders.site_with_door(side.enterprise, "新厂区", "新门")
    builders.user("guard", side.enterprise.pk, f"{side.key}-another-guard")
    redress.file_appeal(worker=new[1], permission="work", wrong="x", actor=clerk.pk, now=builders.NOW)
    content = "姓名,身份证号\n某某,110101199003070017\n".encode()
    uploads.keep(
        kind="workers", enterprise=side.enterprise, filename="x.csv", content=content, now=builders.NOW, actor=clerk.pk
    )
    WaitingAct.objects.create(
        act="correct", evidence="", proposer=clerk, proposed_as="enterprise_clerk", created_at=builders.NOW,
        effect={"losing": 70, "gaining": 0, "permissions": {"work": [70, 0]}, "enterprises": []}, counted_at=builders.NOW,
        state=WaitingAct.WAITING, arguments={"fact": str(side.fact), "replacement": None, "reason": "x", "source": "page"},
    )  # fmt: skip


def test_nothing_that_happens_elsewhere_shows_in_any_list_or_count(walls_standing: str, two: World):
    own, clients = two.a, {role: Client() for role in SCOPED}
    asked = [
        Asked("GET", route.path(own.in_addresses() | PLAIN | {"adoption": own.act}))
        for route in routes()
        if "GET" in route.methods and route.pattern not in NOBODYS
    ]
    for role, client in clients.items():
        client.force_login(own.users[role])

    def seen(keys: Iterable[tuple[str, Asked]]) -> dict[tuple[str, Asked], tuple[int, str]]:
        return {(role, one): plain(ask(clients[role], one), ()) for role, one in keys}

    before = {
        key: answer for key, answer in seen((role, one) for role in SCOPED for one in asked).items() if answer[0] != 403
    }
    happen(two.b)
    after = seen(before)
    assert sum(status == 200 for status, _text in before.values()) > 100
    changed = [(key, difference(before[key], after[key])) for key in before if before[key] != after[key]]
    assert not changed, "\n".join(map(str, changed))
    happen(two.a)
    assert sum(before[key] != answer for key, answer in seen(before).items()) > 10  # at home it does show
