"""Two enterprises: every id, name and number of the one, tried with every login of the other, on every address.

What isn't yours looks as if it didn't exist: the answer to a stranger's id is the answer to an id that nobody has. All of it
runs twice: as the application is, and with the application's own filters off, so that only the database stands in the way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from fugong.base import access
from fugong.clearance.models import WaitingAct
from fugong.doors import keys
from fugong.ledger.kinds import KINDS
from fugong.redress import services as redress
from fugong.registry.models import Document, Worker
from fugong.registry.uploads import services as uploads
from walls.asking import (
    ANY_ID,
    NOBODYS,
    PLAIN,
    TEST,
    Answer,
    Asked,
    ask,
    difference,
    made_up,
    plain,
    requests,
    state,
    texts,
    told,
)
from walls.routes import routes
from walls.side import SCOPED, Side
from walls.test_matrix import ROWS
from walls.world import World


class Walls:
    """The application's filters, which may be taken away for a while, so that only the database stands in the way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.filters = True
        for module in list(sys.modules.values()):
            if getattr(module, "__name__", "").startswith("fugong.") and hasattr(module, "filtering"):
                monkeypatch.setattr(module, "filtering", lambda: self.filters)
        assert access.filtering()

    @contextmanager
    def standing(self, both: bool) -> Iterator[None]:
        self.filters = both
        try:
            yield
        finally:
            self.filters = True


@pytest.fixture(params=["the database alone"])
def walls_standing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the application's filters off: what the database hides by itself stays hidden with them on."""
    Walls(monkeypatch).filters = False
    assert access.filtering() is False
    return str(request.param)


AS_IT_IS = ("enterprise_clerk", "service_team_member", "worker", "guard")
"""With whose logins the application is tried as it is, too: where it would tell what the database alone doesn't."""


@pytest.mark.parametrize("role", SCOPED)
def test_nothing_of_another_enterprise_is_in_any_answer(role: str, two: World, monkeypatch: pytest.MonkeyPatch):
    own, other, nobody = two.a, two.b, made_up()
    client, walls = Client(), Walls(monkeypatch)
    client.force_login(own.users[role])
    secrets = {str(one) for one in other.ids()} | other.words()
    document, before = Document.objects.get(worker=other.workers[0]).pk, state(other)
    words = {*texts(other), *texts(nobody), *other.words(), *nobody.names, *nobody.numbers, *nobody.phones}
    unlike: list[object] = []
    answered: set[int] = set()
    for route in routes():
        if route.pattern in NOBODYS:
            continue
        closed, refusals = set[str](), dict[str, tuple[int, str]]()
        tried = requests(route, own, other, document)
        for theirs, nowhere in zip(tried, requests(route, own, nobody, uuid4()), strict=True):
            likewise: list[tuple[int, str]] = []
            for both in (True, False) if role in AS_IT_IS else (False,):
                if theirs.method in closed:
                    break
                with walls.standing(both):
                    answer = ask(client, theirs, other, before)
                answered.add(answer.status)
                if leaked := told(answer, secrets, theirs):
                    unlike.append((route.pattern, theirs.method, "tells", leaked))
                if answer.status == 405:  # nobody may, whatever they ask for
                    closed.add(theirs.method)
                    continue
                if answer.status == 403 and not both and role not in ROWS[route.pattern].may:
                    closed.add(theirs.method)  # this role never may: refused before anything is looked up
                if (
                    answer.status == 403 and theirs.method in refusals
                ):  # what was refused once is refused in the same words
                    likewise.append(refusals[theirs.method])
                said = plain(answer, words)
                if said in likewise:
                    continue
                with walls.standing(both):
                    likewise.append(plain(ask(client, nowhere), words))
                if answer.status == 403:
                    refusals.setdefault(theirs.method, likewise[-1])
                if differs := difference(said, likewise[-1]):
                    unlike.append((both, theirs.method, theirs.path, theirs.data.get("q"), theirs.json, differs))
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
    assert {str(file.pk), str(other.workers[0])} <= set(ANY_ID.findall(claims))


def test_an_id_that_another_side_used_tells_nothing_of_it(walls_standing: str, two: World):
    own, other = two.a, two.b
    secrets, before = {str(one) for one in other.ids()} | other.words(), state(other)
    fact = {"subject": str(own.workers[0]), "at": builders.NOW - 60, "values": TEST}
    tried = [
        ("enterprise_clerk", Asked("POST", "/api/v1/facts/test", json=[{**fact, "id": str(used)}])) for used in (other.fact, other.check)
    ] + [
        ("guard", Asked("POST", f"/api/v1/doors/{own.door}/checks", json=[{"worker": str(own.workers[0]), "id": str(other.check)}])),
        ("guard", Asked("POST", f"/api/v1/doors/{own.door}/decide", json={"worker": str(own.workers[0]), "id": str(other.check)})),
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
        summary={"kind": "temperature", "reason": "x"},
    )  # fmt: skip


def test_nothing_that_happens_elsewhere_shows_in_any_list_or_count(walls_standing: str, two: World):
    own, clients = two.a, {role: Client() for role in SCOPED}
    keys.in_use(now=builders.NOW)  # made when it is first needed, which would be in every answer that is taken back
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


def test_a_fact_cannot_refer_to_another_enterprise_or_its_sites(walls_standing: str, two: World):
    own, other, nobody = two.a, two.b, made_up()
    clerk, tried = Client(), 0
    clerk.force_login(own.users["enterprise_clerk"])
    for kind in KINDS.values():
        for one in kind.fields:
            if one.refers_to is None or kind.by_roster or not kind.may_be_stated_by("enterprise_clerk"):
                continue
            about = own.enterprise.pk if kind.subject == "enterprise" else own.workers[0]
            said = []
            for side in (other, nobody):
                named = side.enterprise.pk if one.refers_to == "enterprise" else side.site
                fact = {"subject": str(about), "at": builders.NOW - 60, "values": {one.name: str(named)}}
                answer = ask(clerk, Asked("POST", f"/api/v1/facts/{kind.name}", json=[fact]))
                assert '"refused"' in answer.text, kind.name
                said.append(plain(answer, ()))
            assert said[0] == said[1], kind.name
            tried += 1
    assert tried
