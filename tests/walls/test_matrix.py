"""The matrix role × address × scope, generated from the addresses, against the table of `matrix`."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

import builders
from fugong.base.models import User, UserSession
from fugong.base.roles import ROLES
from fugong.clearance.models import Adoption
from walls import matrix
from walls.matrix import API, AT_HOTEL, PAGES, UNLINKED, WHOLE_TOWN, WORKER, Row
from walls.routes import API as PREFIX
from walls.routes import Route, routes
from walls.test_other_enterprise import made_up, payloads
from walls.world import Side, World
from web.pages import walk

PLAIN = {"kind": "test", "key": "surveyed", "name": builders.PACK, "code": "aaaaa-aaaaa"}
ROWS = PAGES | {PREFIX + name: row for name, row in API.items()}


def test_every_address_has_a_row_and_every_row_an_address():
    there = {route.pattern for route in routes()}
    assert sorted(there - set(ROWS)) == [], "addresses that nobody has thought about"
    assert sorted(set(ROWS) - there) == []


def test_every_role_is_in_the_matrix():
    assert set(ROLES) == matrix.ALL
    assert {role for role in ROLES if ROLES[role].scope == "town"} == WHOLE_TOWN


def user_of(two: World, role: str) -> User:
    return two.a.users.get(role) or two.town[role]


def ids(two: World, side: Side, role: str) -> dict[str, object]:
    """A side's ids as this role would meet them."""
    mine: dict[str, Any] = {**PLAIN, **side.in_addresses(), "login": side.users["guard"].pk}
    if role in AT_HOTEL:
        mine["worker"] = side.workers[2]
    if role != WORKER:
        mine |= {"request": side.appeal, "evidence": side.appeals_evidence}
    if side is two.a:
        key = f"session of {role}"
        mine["session"] = UserSession.objects.get_or_create(
            user=user_of(two, role), key=key, defaults={"since": 1, "how": "password"}
        )[0].pk
    return mine | {"adoption": Adoption.objects.get().pk}


def outcome(client: Client, route: Route, method: str, given: dict[str, object], side: Side) -> str:
    """What comes of a request, in a word; whatever it did is undone."""
    cookies, more = client.cookies.copy(), dict[str, Any]()
    if route.of_api and method == "POST":
        sent = {"kind": "phone"} if route.pattern.endswith("roster") else payloads(route, side, given)[0]
        more = {"data": json.dumps(sent), "content_type": "application/json"}
    with transaction.atomic():
        answer = getattr(client, method.lower())(route.path(given), **more)
        b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    client.cookies = cookies
    return word(answer)


def word(answer: HttpResponseBase) -> str:
    """An answer in a word."""
    led = str(answer.headers.get("Location", ""))
    if answer.status_code == 401 or (answer.status_code == 302 and led.startswith("/login/?next=")):
        return "sign in"
    known = {403: "refused", 404: "unknown", 405: "no such method"}
    if answer.status_code in known:
        return known[answer.status_code]
    return "answered" if answer.status_code in (200, 302, 409, 422) else str(answer.status_code)


def expected(row: Row, role: str, method: str, whose: str, has_ids: bool) -> set[str]:
    """What the table says."""
    if method not in row.methods.split():
        return {"no such method"} if role in row.may else {"no such method", "refused"}
    if role not in row.may:
        return {"refused"}
    if role not in row.in_reach:
        return {"unknown"}
    if has_ids and (whose == "nobody's" or (whose == "another's" and role not in WHOLE_TOWN)):
        return {"unknown"}
    return {"answered"}


@pytest.mark.parametrize("role", sorted(matrix.ALL))
def test_role_by_address_by_scope(role: str, two: World):
    client, wrong = Client(), []
    client.force_login(user_of(two, role))
    nobody = made_up()
    unknown: dict[str, UUID] = dict.fromkeys((*two.a.in_addresses(), "adoption"), uuid4())
    given = {"own": ids(two, two.a, role), "another's": ids(two, two.b, role), "nobody's": {**PLAIN, **unknown}}
    for route in routes():
        row = ROWS[route.pattern]
        for method in ("GET", "POST"):
            for whose, addressed in given.items():
                if whose != "own" and (not route.ids or role not in row.may or method not in row.methods.split()):
                    continue
                if whose == "another's" and route.ids == ("adoption",):  # protocols are the town's
                    continue
                side = nobody if whose == "nobody's" else two.a
                found = outcome(client, route, method, addressed, side)
                right = expected(row, role, method, whose, bool(route.ids))
                if found not in right:
                    wrong.append(f"{method} {route.pattern} ({whose}): {found}, not {' or '.join(sorted(right))}")
    assert not wrong, "\n".join(wrong)


def test_nobody_is_asked_to_sign_in(two: World):
    client, wrong = Client(), []
    for route in routes():
        row = ROWS[route.pattern]
        for method in row.methods.split():
            found = outcome(client, route, method, ids(two, two.a, "enterprise_clerk"), two.a)
            right = {"answered", "sign in", "unknown"} if row.open else {"sign in"}
            if found not in right:
                wrong.append(f"{method} {route.pattern}: {found}")
    assert not wrong, "\n".join(wrong)


def test_every_page_is_reached_by_clicks_from_somebodys_start_page(two: World):
    found: set[str] = set()
    for role in sorted(matrix.ALL):
        client = Client()
        client.force_login(user_of(two, role))
        found |= {path.partition("?")[0] for path, _how, _page in walk(client)}
    pages = [route for route in routes() if not route.of_api and "GET" in PAGES[route.pattern].methods]
    reached = {route.pattern for route in pages if any(route.matches(path) for path in found)}
    assert {route.pattern for route in pages} - reached == set(UNLINKED)
