"""The system operator's page in the browser: what is wrong comes first, on a phone too."""

from __future__ import annotations

import pytest

from browser.looks import fits
from fugong.project import steward
from fugong.project.models import TaskRun

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_the_operator_sees_what_is_wrong_and_what_to_do(place, browse, screenshot, language, device):
    steward.run_due()
    TaskRun.objects.filter(name="audit_head").update(failures=2, error="ConnectionRefusedError", succeeded_at=None)
    page = browse(place.users["system_operator"], language, device)
    page.goto("/")
    assert page.url.endswith("/operations/")
    first = page.locator("tbody tr").first
    assert first.locator(".fg-no").count() == 1
    assert first.locator("td").last.locator(".fg-quiet").inner_text().strip()
    assert page.locator("text=ConnectionRefusedError").count() == 2
    fits(page)
    assert page.problems == []
    screenshot(page, "operations", language, device)
