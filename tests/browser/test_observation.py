"""An observation site in a real browser: a round that loses its network on the way, and somebody from check-in to certificate."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import builders
from browser.looks import fits, well_made
from fugong.base import clock
from fugong.ledger.queries import standing
from fugong.observation.models import Stay
from observation.sites import DAY, HOUR, NOW, Hotel, hotel, kept, present

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(transactional_db, stopped_clock) -> Hotel:
    return hotel()


def temperatures() -> list[float]:
    found = standing().filter(kind="temperature", values__place="observation").order_by("values__celsius")
    return list(found.values_list("values__celsius", flat=True))


def test_a_round_goes_on_without_a_network_and_is_stored_once(place, browse, screenshot):
    people = builders.workers(place.enterprise, 4)
    for worker, bed in zip(people, ("101/1", "102/1", "103/1", "104/A"), strict=True):
        present(place, worker, bed, NOW - 2 * DAY)
    medic = builders.user("observation_medic", place.site.pk)
    board = browse(medic, "zh-hans", "desk")
    board.goto(f"/observation/{place.site.pk}/")
    expect(board.locator(".ob-tile.is-missing")).to_have_count(4)
    screenshot(board, "observation-board", "zh", "desk")
    well_made(board)
    page: Page = browse(medic, "zh-hans", "phone")
    page.goto(f"/observation/{place.site.pk}/")
    fits(page)
    screenshot(page, "observation-board", "zh", "phone")
    page.locator(".ob-tile a").first.click()
    room = page.locator(".ob-bed:visible")
    expect(room).to_contain_text("101")
    # the tablet's clock is the real one: what it says is long after the server's, so let it be the server's
    page.evaluate(f"() => {{ Date.now = () => {NOW * 1000}; }}")
    well_made(page)
    room.get_by_label("36.6", exact=True).check()
    screenshot(page, "observation-round", "zh", "phone", full=False)
    box = room.get_by_label("36.6", exact=True).bounding_box()
    assert box and box["height"] >= 60 and box["width"] >= 60  # for gloved hands
    save = page.get_by_role("button", name="保存，下一间")
    save.click()
    expect(room).to_contain_text("102")
    expect(page.locator("#waiting")).to_contain_text("已全部保存")
    page.context.set_offline(True)
    room.get_by_label("36.8", exact=True).check()
    save.click()
    expect(room).to_contain_text("103")
    expect(page.locator("#waiting")).to_contain_text("1 条")
    room.get_by_label("其他体温（℃）").fill("384")
    room.get_by_label("咳嗽").check()
    save.click()
    expect(room.get_by_role("alert")).to_contain_text("38.4 ℃：请复测")
    save.click()
    expect(room).to_contain_text("104")
    expect(page.locator("#waiting")).to_contain_text("2 条")
    screenshot(page, "observation-round-offline", "zh", "phone", full=False)
    room.get_by_label("不在房间").check()
    save.click()
    expect(page.get_by_text("本轮查房已走完。")).to_be_visible()
    assert temperatures() == [36.6]
    page.problems.clear()  # that the network was gone
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_contain_text("已全部保存")
    assert temperatures() == [36.6, 36.8, 38.4]
    assert standing().get(kind="symptom").values == {"name": "cough"}
    page.reload()  # what was sent isn't sent again
    expect(page.locator("#waiting")).to_contain_text("已全部保存")
    assert len(temperatures()) == 3
    board.reload()
    expect(board.locator(".ob-tile.is-unwell")).to_contain_text("38.4 ℃")
    screenshot(board, "observation-board-after", "zh", "desk")


def test_what_was_entered_without_a_network_outlives_the_page(place, browse):
    present(place, builders.workers(place.enterprise, 1)[0], "101/1", NOW - DAY)
    page = browse(builders.user("observation_medic", place.site.pk), "en", "phone")
    page.goto(f"/observation/{place.site.pk}/round/")
    page.evaluate(f"() => {{ Date.now = () => {NOW * 1000}; }}")
    page.context.set_offline(True)
    page.locator(".ob-bed").get_by_label("36.5", exact=True).check()
    page.get_by_role("button", name="Save, next room").click()
    expect(page.locator("#waiting")).to_contain_text("1 kept on this tablet")
    expect(page.get_by_text("The round is through.")).to_be_visible()
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    later = page.context.new_page()
    later.goto(f"/observation/{place.site.pk}/round/")
    expect(later.locator("#waiting")).to_contain_text("Everything is stored.")
    assert temperatures() == [36.5]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_check_in_to_the_certificate(place, browse, monkeypatch, screenshot, language):
    (worker,) = builders.workers(place.enterprise, 1)
    builders.survey(worker)
    builders.record(worker, "contact", NOW - HOUR)
    stay = kept(place, worker, "101/1", NOW, days=16)
    medic = builders.user("observation_medic", place.site.pk)
    page = browse(medic, language, "desk")

    def said(zh: str, en: str) -> str:
        return zh if language == "zh-hans" else en

    page.goto("/")
    page.get_by_role("link", name=said("房间一览", "Board of rooms")).first.click()
    page.get_by_role("link", name=said("办理入住…", "Check in …")).click()
    page.get_by_role("button", name=said("办理入住", "Check in")).click()
    expect(page.get_by_text(said("已办理入住。", "Checked in."))).to_be_visible()
    page.get_by_role("button", name=said("解除观察", "Release")).click()
    expect(page.get_by_role("alert")).to_contain_text(said("医学观察未满", "observation is not complete"))
    screenshot(page, "observation-stay", language, "desk")
    well_made_but_for(page)
    later = NOW + 15 * DAY
    monkeypatch.setattr(clock, "now", lambda: later)
    page.goto(f"/observation/stays/{stay}/")
    page.get_by_role("button", name=said("解除观察", "Release")).click()
    paper = page.get_by_role("link", name=said("解除证明（PDF）", "Certificate (PDF)"))
    expect(paper).to_be_visible()
    well_made(page)
    assert page.request.get(paper.get_attribute("href") or "").body().startswith(b"%PDF-")
    assert Stay.objects.get(pk=stay).how == "released"


def well_made_but_for(page: Page) -> None:
    """A refused form answers 422, which the browser notes."""
    page.problems[:] = [one for one in page.problems if "422" not in one]
    well_made(page)
