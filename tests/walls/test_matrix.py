"""The matrix role × address × scope, generated from the addresses, against the table of `matrix`."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

import builders
from fugong.base.ids import uuid7
from fugong.base.models import User, UserSession
from fugong.base.roles import ROLES
from fugong.clearance.models import Adoption
from walls import matrix
from walls.asking import PLAIN, made_up, payloads
from walls.marking import unmarked
from walls.matrix import API, AT_HOTEL, PAGES, UNLINKED, WHOLE_TOWN, WORKER, Row
from walls.routes import API as PREFIX
from walls.routes import Route, routes
from walls.side import Side
from walls.world import World
from web.pages import walk

FORMS: dict[str, dict[str, object]] = {
    "workers/<uuid:worker_id>/number/": {"number": "phone"},
    "doors/<uuid:door_id>/workers/<uuid:worker_id>/check/": {"check": uuid7()},
    "enterprises/<uuid:enterprise_id>/register/": {"batch": uuid7()},
    "enterprises/<uuid:enterprise_id>/register/undo/": {"batch": uuid7()},
}
"""What a form of these pages always carries; the others are sent empty."""
ROWS = PAGES | {PREFIX + name: row for name, row in API.items()}


def test_every_address_has_a_row_and_every_row_an_address():
    there = {route.pattern for route in routes()}
    assert sorted(there - set(ROWS)) == [], "addresses that nobody has thought about"
    assert sorted(set(ROWS) - there) == []


def test_every_role_is_in_the_matrix():
    assert set(ROLES) == matrix.ALL
    assert {role for role in ROLES if ROLES[role].scope == "town"} == WHOLE_TOWN


@pytest.fixture
def people(two: World) -> World:
    """The same two sides; everybody but workers has a password."""
    quick = PBKDF2PasswordHasher().encode(builders.PASSWORD, "salt", iterations=1)
    User.objects.exclude(role_name=WORKER).update(password=quick)
    for user in (*two.town.values(), *two.a.users.values()):
        user.refresh_from_db()
    return two


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


def outcome(
    client: Client, route: Route, method: str, given: dict[str, object], side: Side, unlike: list[str]
) -> str:  # fmt: skip
    """What comes of a request, in a word; whatever it did is undone. A page that doesn't say that it is a demo's goes to ``unlike``."""
    cookies, more = client.cookies.copy(), dict[str, Any]()
    if method == "POST" and route.pattern.endswith("/roster"):
        more = {"data": {"file": SimpleUploadedFile("roster.csv", "姓名,身份证号\n".encode())}}
    elif route.of_api and method == "POST":
        more = {"data": json.dumps(payloads(route, side)[0]), "content_type": "application/json"}
    elif method == "POST":
        more = {"data": FORMS.get(route.pattern, {})}
    with transaction.atomic():
        answer = getattr(client, method.lower())(route.path(given), **more)
        if method == "POST" and str(answer.headers.get("Location", "")).partition("?")[0] == route.path(given):
            answer = client.get(answer.headers["Location"])  # it leads to itself: what does it lead to?
        unlike += [f"{method} {route.pattern}: {wrong}" for wrong in unmarked(route, answer, "临江镇")]
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
    if role not in row.in_reach(method):
        return {"unknown"}
    if has_ids and whose == "nobody's":
        return {"answered"} if row.told else {"unknown"}
    if has_ids and whose == "another's" and (row.private or role not in WHOLE_TOWN):
        return {"unknown"}
    return {"answered"}


@pytest.mark.parametrize("role", sorted(matrix.ALL))
def test_role_by_address_by_scope(role: str, people: World, settings):
    settings.DEMO = True  # every page that anybody gets says so
    client, wrong = Client(), []
    client.force_login(user_of(people, role))
    nobody = made_up()
    unknown: dict[str, UUID] = dict.fromkeys((*people.a.in_addresses(), "adoption"), uuid4())
    given = {
        "own": ids(people, people.a, role),
        "another's": ids(people, people.b, role),
        "nobody's": {**PLAIN, **unknown},
    }
    for route in routes():
        row = ROWS[route.pattern]
        for method in ("GET", "POST"):
            for whose, addressed in given.items():
                if whose != "own" and (not route.ids or role not in row.may or method not in row.methods.split()):
                    continue
                if whose == "another's" and route.ids == ("adoption",):  # protocols are the town's
                    continue
                side = nobody if whose == "nobody's" else people.a
                found = outcome(client, route, method, addressed, side, wrong)
                right = expected(row, role, method, whose, bool(route.ids))
                if found not in right:
                    wrong.append(f"{method} {route.pattern} ({whose}): {found}, not {' or '.join(sorted(right))}")
    assert not wrong, "\n".join(wrong)


def test_nobody_is_asked_to_sign_in(people: World, settings):
    settings.DEMO = True
    client, wrong = Client(), []
    for route in routes():
        row = ROWS[route.pattern]
        for method in row.methods.split():
            found = outcome(client, route, method, ids(people, people.a, "enterprise_clerk"), people.a, wrong)
            right = {"answered", "sign in", "unknown"} if row.open else {"sign in"}
            if found not in right:
                wrong.append(f"{method} {route.pattern}: {found}")
    assert not wrong, "\n".join(wrong)


def test_every_page_is_reached_by_clicks_from_somebodys_start_page(people: World):
    found: set[str] = set()
    User.objects.filter(pk=people.b.users["line_leader"].pk).update(is_active=False)  # closed logins can be opened
    for role in sorted(matrix.ALL):
        client = Client()
        client.force_login(user_of(people, role))
        for path, _how, page in walk(client, forms=False, most=1):
            led = [*page.links, *(action for method, action, _hidden in page.forms if method == "get")]
            found |= {urljoin(path, address).partition("?")[0] for address in ("", *led)}
    pages = [route for route in routes() if not route.of_api and "GET" in PAGES[route.pattern].methods]
    reached = {route.pattern for route in pages if any(route.matches(path) for path in found)}
    unreached = {route.pattern for route in pages} - reached
    assert not unreached - set(UNLINKED), "nothing leads to " + " ".join(sorted(unreached - set(UNLINKED)))
    assert not set(UNLINKED) - unreached, sorted(set(UNLINKED) - unreached)
