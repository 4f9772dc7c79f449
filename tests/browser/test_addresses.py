"""A clerk who changes an id in an address learns nothing: somebody else's file answers as one that nobody has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

import builders
from fugong.base.ids import uuid7
from fugong.registry.models import Worker

Browse = Callable[..., Page]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_id_that_is_changed_in_the_address(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str, device: str
) -> None:
    page = browse(place.users["enterprise_clerk"], language, device)
    own, strangers = place.workers["cleared"], place.others[0]
    page.goto(f"/workers/{own}/")
    assert Worker.objects.get(pk=own).name in page.inner_text("main")
    answers = []
    for someone in (strangers, uuid7()):
        response = page.goto(page.url.rpartition("/workers/")[0] + f"/workers/{someone}/")
        assert response is not None
        answers.append((response.status, page.inner_text("body")))
    assert answers[0] == answers[1]
    status, said = answers[0]
    assert status == 404
    assert Worker.objects.get(pk=strangers).name not in said
    screenshot(page, "not-yours", language, device)
    page.goto(f"/enterprises/{place.other.pk}/")
    assert place.other.name not in page.inner_text("body")
    page.get_by_role("link", name="To the start page" if language == "en" else "回到首页").click()
    page.wait_for_url("**/enterprises/*/")
    assert place.enterprise.name in page.inner_text("body")
