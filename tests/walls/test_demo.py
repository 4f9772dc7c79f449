"""A demo says that it is one on every page: of every role, on every address, answered and refused, on paper and for programs."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.utils.translation import override

from fugong.project import context
from fugong.project.api import api
from walls.asking import made_up
from walls.marking import MARK, unmarked
from walls.routes import routes
from walls.test_matrix import FORMS, ids, user_of
from walls.world import World


@pytest.fixture(autouse=True)
def _a_demo(settings) -> None:
    settings.DEMO = True


@pytest.mark.parametrize("role", ["enterprise_clerk", "worker"])
def test_every_page_says_so_when_failures_are_shown_to_developers(role: str, two: World, settings):
    """With DEBUG on; without it `test_matrix` looks at every answer that it gets, for every role."""
    settings.DEBUG = True
    client, silent, statuses = Client(raise_request_exception=False), [], set[int]()
    client.force_login(user_of(two, role))
    given = {"own": ids(two, two.a, role), "nobody's": {**ids(two, two.a, role), **made_up().in_addresses()}}
    for route in routes():
        for whose, addressed in given.items():
            if route.pattern == "logout/" or (whose == "nobody's" and not route.ids):
                continue
            for method in ("GET", "POST"):
                cookies = client.cookies.copy()
                with transaction.atomic():
                    data = {**FORMS.get(route.pattern, {})} if method == "POST" else {}
                    answer = getattr(client, method.lower())(route.path(addressed), data)
                    statuses.add(answer.status_code)
                    silent += [(route.pattern, whose, method, wrong) for wrong in unmarked(route, answer, "临江镇")]
                    transaction.set_rollback(True)
                client.cookies = cookies
    assert not silent, "\n".join(map(str, silent))
    assert {200, 403, 404} <= statuses


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("signed_in", [False, True])
def test_whoever_is_not_understood_or_meets_a_failure_reads_it_too(
    debug: bool, signed_in: bool, two: World, settings, monkeypatch
):
    settings.DEBUG = debug
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if signed_in:
        client.force_login(two.a.users["worker"])
    found = {
        "not understood": client.get("/login/?q=%00"),
        "elsewhere": client.get("/login/", headers={"host": "elsewhere.example"}),
        "no such page": client.get("/nothing/of/the/kind/"),
        "no token": client.post("/login/", {"username": "x"}),
        "sign in": client.get("/enter/"),
    }
    monkeypatch.setattr(context, "_town", fail)
    found["failed"] = client.get("/enter/")
    assert [answer.status_code for answer in found.values()] == [400, 400, 404, 403, 200, 500]
    for name, answer in found.items():
        assert MARK in answer.content.decode(), name


def fail() -> str:
    """What every page asks for, and what now fails."""
    raise ValueError("a value of somebody's")


def test_the_api_says_so_in_its_title(settings):
    with override("en"):
        assert api.get_openapi_schema(path_prefix="")["info"]["title"] == "Fugong API (demo)"
        settings.DEMO = False
        assert api.get_openapi_schema(path_prefix="")["info"]["title"] == "Fugong API"
