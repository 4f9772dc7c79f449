"""An auditor's search in the browser: what clicks lead to, what is found and what isn't told. Pictures on demand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
import databases
from browser.looks import refused, well_made
from fugong.audit import services
from fugong.base import access

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]


def _empty() -> None:
    """Forget how the town was made: nobody did it."""
    with databases.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("TRUNCATE audit_entry")


@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_auditor_finds_who_looked_at_somebodys_file(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str, device: str
) -> None:
    _empty()
    clerk = browse(place.users["enterprise_clerk"], language, device)
    clerk.goto("/workers/")
    clerk.goto(f"/enterprises/{place.enterprise.pk}/")
    clerk.goto(f"/workers/{place.workers['cleared']}/file/")
    clerk.goto(f"/workers/{place.workers['fevered']}/file/")

    guard = browse(place.users["guard"], language, device)
    guard.goto(f"/doors/{place.door.pk}/workers/{place.workers['cleared']}/")
    worker = browse(place.users["worker"], language, device)
    worker.goto("/me/")
    worker.goto("/me/register/")

    auditor = browse(place.users["auditor"], language, device)
    auditor.goto("/")
    auditor.wait_for_url("**/audit/")
    well_made(auditor)
    screenshot(auditor, "audit", language, device)

    auditor.locator("#id_q").fill("350182")  # a part of a number finds nobody
    auditor.locator("main form button[type=submit]").click()
    expect(auditor.locator("#id_q_error")).to_be_visible()
    refused(auditor)
    well_made(auditor)
    screenshot(auditor, "audit-nobody", language, device)

    auditor.locator("#id_q").fill(builders.resident_number(0))
    auditor.locator("#id_kind").select_option("read")
    auditor.locator("main form button[type=submit]").click()
    found = auditor.locator("tbody tr")
    expect(found).not_to_have_count(0)
    expect(found.filter(has_text="enterprise_clerk")).to_have_count(3)
    expect(found.filter(has_text="guard")).to_have_count(1)
    expect(found.filter(has_text=place.enterprise.name).first).to_be_visible()
    expect(found.filter(has_text=builders.name(0))).to_have_count(0)
    assert builders.resident_number(0) not in auditor.url
    well_made(auditor)
    screenshot(auditor, "audit-found", language, device)

    with auditor.expect_download() as download:
        auditor.locator("a[href*='entries.csv']").click()
    assert download.value.suggested_filename == "audit.csv"


@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_head_is_printed(
    place: builders.Place, browse: Browse, screenshot: Callable[..., None], language: str, device: str
) -> None:
    with access.acting(access.as_system("test")):
        services.seal()
        head = services.head()
    auditor = browse(place.users["auditor"], language, device)
    auditor.goto("/audit/")
    auditor.locator("a[href='/audit/head/']").click()
    expect(auditor.locator("main")).to_contain_text(f"fugong audit verify --head {head}")
    well_made(auditor)
    screenshot(auditor, "audit-head", language, device)
    auditor.emulate_media(media="print")
    expect(auditor.locator(".fg-menu")).to_be_hidden()
