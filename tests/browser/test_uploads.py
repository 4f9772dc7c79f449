"""Uploading in the browser: drop a file, say which column is what, take it in; pictures on demand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import fits
from imports.sheets import number
from imports.test_pages import xlsx

pytestmark = pytest.mark.browser
Browse = Callable[..., Page]
ROWS = [
    ["某纺织厂返岗人员花名册"],
    ["序号", "姓名", "身份证号码", "联系电话", "所在车间", "某列", "返岗日期"],
    [1, "王小明", number(1), "13800138000", "一车间", "挡车工", "2020-02-24"],
    [2, "李芳", number(2), "13900139000", "一车间", "质检", "2020-02-25"],
    [3, "赵强", number(3)[:-1], "13700137000", "二车间", "机修", "2020年2月26日"],
    [4, "", number(4), "1370013700", "二车间", "", ""],
]


@pytest.mark.parametrize("device", ["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_list_from_the_file_to_the_marked_sheet(
    browse: Browse, place: builders.Place, screenshot: Callable[..., None], language: str, device: str
):
    page = browse(place.users["enterprise_clerk"], language, device)
    page.goto(f"/enterprises/{place.enterprise.pk}/roster/")
    fits(page)
    screenshot(page, "upload", language, device)
    page.set_input_files("#file", files=[{"name": "名册.xlsx", "mimeType": "", "buffer": xlsx(*ROWS)}])
    page.locator("main form button.btn-primary").click()
    expect(page.locator(".fg-wrong")).to_have_count(2)
    fits(page)
    screenshot(page, "upload-preview", language, device)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("select[name=column-0-5]").select_option("post")
    expect(page.locator("select[name=column-0-5]")).to_have_class("form-select is-taken")
    page.locator("#preview form button.btn-primary").click()
    expect(page.locator("main .fg-counts dd").first).to_have_text("2")
    fits(page)
    screenshot(page, "upload-done", language, device)
    with page.expect_download() as download:
        page.locator("a[href$='marked.xlsx']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert page.problems == []  # type: ignore[attr-defined]
