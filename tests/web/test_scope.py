"""What isn't yours looks as if it didn't exist; numbers are masked wherever they are shown."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

import builders
from web.pages import search

AsRole = Callable[..., Client]


@pytest.mark.parametrize("page", ["/enterprises/{}/", "/enterprises/{}/sites/", "/enterprises/{}/lapsing/"])
def test_a_clerk_does_not_see_another_enterprise(page, place: builders.Place, as_role: AsRole):
    assert as_role("enterprise_clerk").get(page.format(place.other.pk)).status_code == 404
    assert as_role("enterprise_clerk").get(page.format(uuid4())).status_code == 404
    assert as_role("bureau_reader").get(page.format(place.other.pk)).status_code == 200


@pytest.mark.parametrize("page", ["/workers/{}/", "/workers/{}/file/"])
def test_a_clerk_sees_own_workers_only_and_a_worker_only_themself(page, place: builders.Place, as_role: AsRole):
    own, colleague, stranger = place.workers["cleared"], place.workers["fevered"], place.others[0]
    clerk, worker = as_role("enterprise_clerk"), as_role("worker")
    assert clerk.get(page.format(colleague)).status_code == 200
    assert clerk.get(page.format(stranger)).status_code == 404
    assert worker.get(page.format(own)).status_code == 200
    assert worker.get(page.format(colleague)).status_code == 404


def test_a_clerks_search_finds_nobody_elsewhere(place: builders.Place, as_role: AsRole):
    link = f'href="/workers/{place.others[0]}/"'
    assert link not in search(as_role("enterprise_clerk"), "/workers/", builders.name(100))
    assert link in search(as_role("bureau_reader"), "/workers/", builders.name(100))


def test_a_clerk_cannot_add_a_door_to_a_strangers_site(place: builders.Place, as_role: AsRole):
    site, _door = builders.site_with_door(place.other)
    clerk = as_role("enterprise_clerk")
    answer = clerk.post(f"/enterprises/{place.enterprise.pk}/sites/", {"site": str(site.pk), "door-name": "后门"})
    assert answer.status_code == 404
    assert not site.doors.filter(name="后门").exists()


def test_a_reader_changes_nothing(place: builders.Place, as_role: AsRole):
    reader = as_role("bureau_reader")
    assert reader.post(f"/enterprises/{place.enterprise.pk}/sites/", {"site-name": "二厂区"}).status_code == 404
    assert reader.post("/enterprises/new/", {}).status_code == 403
    assert reader.post("/protocols/adopt/", {}).status_code == 403
    assert reader.post("/protocols/upload/", {}).status_code == 403


def test_numbers_are_masked(place: builders.Place, as_role: AsRole):
    number, phone = builders.resident_number(4), f"13{4:09d}"
    for page in (f"/workers/{place.workers['fevered']}/file/", "/workers/", f"/enterprises/{place.enterprise.pk}/"):
        text = as_role("enterprise_clerk").get(page).content.decode()
        assert number not in text
        assert phone not in text
        assert f"····{phone[-4:]}" in text
