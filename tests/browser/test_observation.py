"""A round in a real browser that loses its network on the way; from the room to the certificate: ``test_way_back``."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Page, expect

import builders
from browser.looks import fits, well_made
from fugong.ledger.queries import standing
from observation.sites import DAY, NOW, Hotel, hotel, present

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


def test_without_a_network_the_page_opens_again_and_signing_out_deletes_it(place, browse):
    for worker, bed in zip(builders.workers(place.enterprise, 2), ("101/1", "102/1"), strict=True):
        present(place, worker, bed, NOW - DAY)
    page = browse(builders.user("observation_medic", place.site.pk), "en", "phone")
    page.add_init_script(f"Date.now = () => {NOW * 1000};")
    page.goto(f"/observation/{place.site.pk}/round/")
    expect(page.locator("#offline")).to_have_attribute("data-kept", "yes")
    page.context.set_offline(True)
    page.locator(".ob-bed:visible").get_by_label("36.5", exact=True).check()
    page.get_by_role("button", name="Save, next room").click()
    expect(page.locator("#waiting")).to_contain_text("1 kept on this tablet")
    page.once("dialog", lambda dialog: dialog.accept())  # entries wait: does one mean to leave?
    page.reload()
    room = page.locator(".ob-bed:visible")
    expect(room).to_contain_text("102")  # the room before stands as entered
    expect(page.locator("#waiting")).to_contain_text("1 kept on this tablet")
    fits(page)
    page.close(run_before_unload=False)
    later = page.context.new_page()
    later.goto(f"/observation/{place.site.pk}/round/")  # in another tab, and still without a network
    later.locator(".ob-bed:visible").get_by_label("36.7", exact=True).check()
    later.evaluate(f"() => {{ Date.now = () => {NOW * 1000}; }}")
    later.get_by_role("button", name="Save, next room").click()
    expect(later.get_by_text("The round is through.")).to_be_visible()
    later.context.set_offline(False)
    expect(later.locator("#waiting")).to_contain_text("Everything is stored.")
    assert temperatures() == [36.5, 36.7]
    assert later.evaluate("caches.keys()") == [f"fugong-round-/observation/{place.site.pk}/round/"]
    later.get_by_role("button", name="Sign out").click()
    expect(later.get_by_role("heading", name="Sign in")).to_be_visible()
    later.wait_for_function("() => caches.keys().then((names) => names.length === 0)")
    later.context.set_offline(True)
    with pytest.raises(Error):
        later.goto(f"/observation/{place.site.pk}/round/")
