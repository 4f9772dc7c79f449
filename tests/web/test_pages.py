"""Every page, in every role that may see it and for those who may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

import builders

AsRole = Callable[..., Client]

TOWN = {"town_administrator", "deputy", "bureau_reader"}
READERS = TOWN | {"service_team_member", "enterprise_clerk"}
PAGES: dict[str, set[str]] = {
    "/town/": TOWN,
    "/town/figures/enterprises.industrial/": TOWN,
    "/town/figures/tests.before_work/?part=missing": TOWN,
    "/enterprises/": READERS,
    "/enterprises/new/": {"town_administrator"},
    "/enterprises/{enterprise}/": READERS,
    "/enterprises/{enterprise}/lapsing/": READERS,
    "/enterprises/{enterprise}/sites/": READERS,
    "/workers/": READERS,
    "/workers/{worker}/": READERS | {"worker"},
    "/workers/{worker}/file/": READERS | {"worker"},
    "/me/": {"worker"},
    "/protocols/": TOWN,
    "/protocols/shipped/jinfeng-2020-03/": TOWN,
}


def address(page: str, place: builders.Place) -> str:
    return page.format(enterprise=place.enterprise.pk, worker=place.workers["cleared"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_answers_those_who_may_and_refuses_the_others(
    page: str, language: str, place: builders.Place, as_role: AsRole
) -> None:
    for role in place.users:
        response = as_role(role, language).get(address(page, place))
        refused = (404,) if role == "observation_medic" and page.endswith("/file/") else (403,)  # may, but not this one
        assert response.status_code in ((200,) if role in PAGES[page] else refused), role


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_is_asked_to(page: str, place: builders.Place) -> None:
    response = Client().get(address(page, place))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/?next=/")
