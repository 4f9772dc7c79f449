"""Every address, by everybody, of a place where the marker is everywhere: nothing personal is written, nor told by a refusal."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from personal.everywhere import MODELS, everywhere, ids_for
from personal.planting import NAME, NUMBER, PHONE
from personal.watching import Written, found_in, look_at
from walls import matrix
from walls.once import made_once
from walls.routes import routes
from walls.test_matrix import ROWS, user_of
from walls.world import World

TYPED = {
    "q": NAME, "name": NAME, "username": NAME, "worker": NAME, "number": NUMBER, "document": NUMBER, "phone": PHONE,
    "reason": NUMBER, "words": f"{NAME} {PHONE}", "text": NUMBER, "password": PHONE,
}  # fmt: skip
"""What people might type into any field."""


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with made_once(everywhere, django_db_blocker) as two:
        yield two


@pytest.fixture
def two(_made: World, db: None) -> World:
    return copy.deepcopy(_made)


EVERY_METHOD = {matrix.ADMIN, matrix.GUARD, matrix.WORKER, ""}
"""Those (and a stranger) who also send programs' data to pages, and methods that no page knows."""
VISITS = [(role, False) for role in [*sorted(matrix.ALL), ""]] + [
    (role, True) for role in (matrix.CLERK, matrix.MEDIC, "")
]
"""Every role and a stranger as the application is; with DEBUG on, some who meet much of the marker."""
LISTS = {
    "returning/": {matrix.DISPATCHER, matrix.DRIVER}, "returning/manifest/": {matrix.DISPATCHER, matrix.DRIVER},
    "site/": matrix.AT_HOTEL, "workers/<uuid:worker_id>/file/": matrix.READERS_OF_FILES,
}  # fmt: skip
"""Pages that show the marker's name to these: without them the test would look at nothing."""


@pytest.mark.slow
@pytest.mark.parametrize(("role", "debug"), VISITS)
def test_every_route(role: str, debug: bool, two: World, written: Written, capfd, settings):
    """Every address with ids that somebody has, by every method: nothing personal is written, and no refusal tells any."""
    settings.DEBUG = debug
    given = ids_for(two, role or matrix.CLERK)
    client = Client(raise_request_exception=False)
    if role:
        client.force_login(user_of(two, role))
    seen: set[int] = set()
    for route in routes():
        every = role in EVERY_METHOD and not debug
        for method in ("get", "post", "json", "put") if every else ("get", "json" if route.of_api else "post"):
            cookies, path = client.cookies.copy(), route.path(given)
            with transaction.atomic():
                if method == "json":
                    answer = client.post(path, TYPED, "application/json")
                else:
                    answer = getattr(client, method)(path, *([TYPED] if method == "post" else []))
                seen.add(answer.status_code)
                look_at(answer, (method, route))
                row = ROWS[route.pattern]
                if method == "get" and "GET" in row.methods and role in row.in_reach("GET"):
                    assert answer.status_code != 404 or not route.ids, (route, "is there for them")
                    if role in LISTS.get(route.pattern, ()):
                        assert NAME in answer.content.decode(), route
                transaction.set_rollback(True)
            client.cookies = cookies
    shown = capfd.readouterr()
    assert not found_in(written.text)
    assert not found_in(shown.out + shown.err)
    assert seen >= {200, 302, 404, 405}
    assert 500 not in seen
    assert "django.request" in written.text
    assert ("django.db.backends" in written.text) is debug  # each query is told by its time only


def test_every_id_of_an_address_is_somebodys_in_that_test():
    assert {name for route in routes() for name in route.ids} <= set(MODELS)
