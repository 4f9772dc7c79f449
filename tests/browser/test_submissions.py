"""An office signs a list off and exports it twice, and sees the difference; an enterprise sees what it may get and claims it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import fits, well_made
from fugong.base import background, clock
from fugong.policies.models import Claim
from fugong.policies.services import evidence
from policies import keep_post
from policies.keep_post import NOW
from submissions.test_lists import GOOD, office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def firm(transactional_db, stopped_clock):
    builders.town()
    builders.adopt()
    made = keep_post.enterprise()
    keep_post.take()
    made.people = builders.workers(made, 4)
    lacking = ("", "post_kept", "told_to_delay", "")
    told = [fact for one, item in zip(made.people, lacking, strict=True) for fact in keep_post.facts(one, unknown=item)]
    keep_post.write(told)
    return made


def saved(page: Page, tmp_path) -> openpyxl.Workbook:
    with page.expect_download() as coming:
        page.get_by_role("button", name="导出 Excel").click()
    path = tmp_path / "list.xlsx"
    coming.value.save_as(path)
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def sign(page: Page) -> None:
    page.goto("/lists/not-returned/")
    page.locator("#office").fill("福州市人社局")
    page.get_by_role("button", name="签发", exact=True).click()
    expect(page.get_by_text("名单已签发")).to_be_visible()


def test_an_office_signs_off_and_exports_twice_and_sees_the_difference(firm, browse, screenshot, tmp_path, monkeypatch):
    page = browse(builders.user("town_administrator"), "zh-hans", "desk")
    page.goto("/lists/layouts/")
    page.get_by_label("版式名称").fill("市局附件1")
    page.get_by_label("Excel 工作簿（.xlsx）").set_input_files(
        {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": office(*GOOD, merge="A1:D1")}
    )
    page.get_by_role("button", name="保存版式").click()
    expect(page.get_by_role("link", name="市局附件1")).to_be_visible()
    well_made(page)
    screenshot(page, "list-layouts", "zh", "desk")
    page.goto("/lists/not-returned/")
    well_made(page)
    screenshot(page, "list-not-returned", "zh", "desk")
    sign(page)
    sheet = saved(page, tmp_path)["名单"]
    assert sheet.max_row == 3 + 4
    # by the next day one has shown what was missing, one is back, one is new
    later = NOW + 86_400
    evidence.show(people=[firm.people[1]], item="post_kept", holds=True, now=NOW + 60, actor=None)
    builders.arrive(firm.people[2], NOW + 70)
    (more,) = builders.workers(firm, 1, first=70)
    keep_post.write(keep_post.facts(more))
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(
        background, "MANY", 1
    )  # as of a long list: a bar counts its rows, then the page says what came of it
    sign(page)
    expect(page.get_by_role("progressbar")).to_have_count(1)
    expect(page.get_by_text("已完成 4 / 4 行")).to_have_count(1)
    well_made(page)
    screenshot(page, "working", "zh", "desk")
    page.get_by_role("link", name="继续").click()
    expect(page.get_by_role("link", name="新增（1）")).to_be_visible()
    expect(page.get_by_role("link", name="减少（1）")).to_be_visible()
    page.get_by_role("link", name="变更（1）").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("待补")
    expect(row).to_contain_text("符合")
    well_made(page)
    screenshot(page, "list-difference", "zh", "desk")
    page.get_by_label("版式").select_option(label="市局附件1")
    book = saved(page, tmp_path)
    assert [row[0].value for row in book["变更"].iter_rows(min_row=2)] == ["新增", "减少", "变更"]
    assert book["附件1"]["A1"].value == "临江镇留岗留薪人员名单（第2版）"
    page.goto("/lists/not-returned/")
    expect(page.get_by_role("link", name="1", exact=True)).to_be_visible()  # the first version is still there
    phone = browse(builders.user("bureau_reader"), "en", "phone")
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto("/lists/not-returned/")
    well_made(phone)
    screenshot(phone, "list-not-returned", "en", "phone")


def test_an_enterprise_sees_what_is_missing_and_claims(firm, browse, screenshot):
    page = browse(builders.user("enterprise_clerk", firm.pk), "zh-hans", "desk")
    page.goto(f"/enterprises/{firm.pk}/policies/")
    expect(page.get_by_text("1,720 元").first).to_be_visible()
    expect(page.get_by_text("材料补齐后最多 3,440 元")).to_be_visible()
    well_made(page)
    screenshot(page, "policies-enterprise", "zh", "desk")
    page.get_by_role("link", name="逐人查看").click()
    page.get_by_label(builders.name(1)).check()
    page.get_by_label("勾选人员出示了什么").select_option(label="保留岗位")
    page.get_by_label("凭证材料").fill("留岗承诺书")
    well_made(page)
    screenshot(page, "policies-people", "zh", "desk")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记 1 人。")).to_be_visible()
    page.goto(f"/enterprises/{firm.pk}/policies/")
    page.get_by_role("button", name="起草申请").click()
    expect(page.get_by_text("2,580 元").first).to_be_visible()
    page.get_by_role("button", name="核对申请").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("申请已提交。")).to_be_visible()
    well_made(page)
    screenshot(page, "policies-claim", "zh", "desk")
    assert Claim.objects.get().state == "submitted"
    phone = browse(builders.user("town_administrator"), "en", "phone")
    phone.set_viewport_size({"width": 360, "height": 740})
    for address in (
        "/policies/",
        "/policies/measures/",
        "/policies/claims/",
        f"/enterprises/{firm.pk}/vacancies/",
        "/lists/layouts/",
    ):
        phone.goto(address)
        well_made(phone)
    measure = Claim.objects.get().measure_id
    phone.goto(f"/policies/measures/{measure}/")
    well_made(phone)
    screenshot(phone, "policies-measure", "en", "phone")
    phone.goto(f"/policies/measures/{measure}/enterprises/{firm.pk}/")
    fits(phone)
    well_made(phone)
