"""Where each role begins, and what its menu shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

import builders
from fugong.base.roles import ROLES
from fugong.project.menu import ITEMS

AsRole = Callable[..., Client]


FIRST = {
    "town_administrator": "/town/",
    "deputy": "/town/",
    "bureau_reader": "/town/",
    "service_team_member": "/visits/app/",
    "enterprise_clerk": "/enterprises/{enterprise}/",
    "line_leader": "/enterprises/{enterprise}/register/",
    "guard": "/doors/",
    "door_device": "/doors/",
    "dispatcher": "/returning/",
    "driver": "/returning/",
    "sampling_staff": "/sampling/",
    "observation_medic": "/site/",
    "site_cadre": "/site/",
    "site_police": "/site/",
    "worker": "/me/",
    "auditor": "/audit/",
    "system_operator": "/operations/",
}


MENU = {"service_team_member": "/teams/"}
"""Where the menu is shown to those who begin with a page that works without a network: it leads there."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_role_begins_with_its_own_page(role, language, place: builders.Place, as_role: AsRole):
    client = as_role(role, language)
    first = client.get("/").headers["Location"]
    assert first == FIRST[role].format(enterprise=place.enterprise.pk)
    shown = client.get(first)
    assert shown.status_code == 200
    assert f'href="{MENU.get(role, "")}' in shown.content.decode()


def test_a_service_team_sees_the_enterprises_of_its_patch(place: builders.Place, as_role: AsRole):
    page = as_role("service_team_member").get("/enterprises/").content.decode()
    assert place.enterprise.name in page
    assert place.other.name not in page
    assert place.other.name in as_role("deputy").get("/enterprises/").content.decode()


@pytest.mark.django_db
def test_the_first_administrator_begins_with_the_set_up():
    client = Client()
    client.force_login(builders.user("town_administrator"))
    assert client.get("/").headers["Location"] == "/setup/"


def test_menus_show_what_the_role_may_open_and_nothing_else(place: builders.Place, as_role: AsRole):
    for role in place.users:
        client = as_role(role)
        page = client.get(MENU.get(role, "/"), follow=True).content.decode()
        nav = re.search(r'<nav class="fg-menu".*?</nav>', page, re.DOTALL)
        assert nav, role
        links = re.findall(r'<a href="([^"]+)"', nav[0])
        assert links
        for link in links:
            assert client.get(link, follow=True).status_code == 200, (role, link)
        assert nav[0].count('aria-current="page"') == 1, role


def test_every_line_of_the_menu_is_somebodys(place: builders.Place):
    for item in ITEMS:
        assert any(item.meant_for(user) for user in place.users.values()), item.title


@pytest.mark.django_db
def test_a_new_town_is_led_through_its_first_steps():
    builders.town()
    client = Client()
    client.force_login(builders.user("town_administrator"))

    def left() -> list[str]:
        page = client.get("/town/").content.decode()
        block = re.search(r'<ol class="fg-steps">.*?</ol>', page, re.DOTALL)
        links = re.findall(r'<a href="([^"]+)"', block[0]) if block else []
        assert all(client.get(link).status_code == 200 for link in links)
        return links

    assert len(left()) == 7  # one of them, risk levels, a town can do without
    enterprise = builders.enterprise(resumed=False)
    assert len(left()) == 6
    builders.site_with_door(enterprise)
    builders.adopt()
    assert len(left()) == 4
    worker = builders.workers(enterprise, 1)[0]
    builders.record(enterprise.pk, "resumption", builders.EARLY)
    assert len(left()) == 2
    builders.survey(worker)
    assert left() == []
