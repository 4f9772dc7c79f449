"""What most tests of doors begin with: a plant with a door at 07:40, and a device that keeps it."""

from __future__ import annotations

import pytest

import gatehouse as g
from doors.own_device import Own
from fugong.base import clock
from fugong.doors import devices


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
