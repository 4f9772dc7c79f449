"""What most tests of doors begin with: a plant with a door at 07:40, and a device that keeps it."""

from __future__ import annotations

import pytest

import gatehouse as g
from doors.own_device import Own
from fugong.base import clock
from fugong.doors import devices, pseudonyms
from fugong.doors.models import GuardPin


@pytest.fixture
def plant(monkeypatch):
    """A plant with a door, where the clock stands at 07:40 and the protocol of Jinfeng is in force."""
    monkeypatch.setattr(clock, "now", lambda: g.SEVEN_FORTY)
    g.adopt()
    return g.plant()


@pytest.fixture
def admin(plant):
    return g.user("admin", "town_administrator")


@pytest.fixture
def own(plant, admin):
    """A device of the plant's door, enrolled with its own key."""
    device = Own()
    device.enrol(devices.make_code(door=plant.door.pk, actor=admin.pk, now=g.SEVEN_FORTY).code)
    return device


@pytest.fixture
def guard(plant):
    """A guard of the plant who has a PIN."""
    user = g.user("guard", "guard", plant.id)
    GuardPin.objects.create(user=user, salt=b"s", iterations=1, digest=b"d", set_at=g.BEFORE)
    return user


@pytest.fixture
def people(plant):
    """Three workers who were surveyed, each with their pseudonym."""
    workers = g.hire(plant, "王小明", "陈静", "林芳")
    g.survey(*workers)
    return [(worker, value) for worker, value in pseudonyms.of(workers).items()]
