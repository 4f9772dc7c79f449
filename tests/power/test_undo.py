"""A check at a door that somebody else takes back than who measured: it counts, and beyond the limit the page says so."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

import builders
from fugong.base import clock
from fugong.base.ids import uuid7
from fugong.clearance.models import Loss, WaitingAct
from fugong.ledger.models import Fact
from power.crowd import DAY, NOW, crowd, working

pytestmark = pytest.mark.django_db
LATER = NOW + 2 * DAY


@pytest.mark.parametrize(("limit", "left"), [(0, 1), (1, 0)])
def test_taking_back_anothers_check_beyond_the_limit_is_answered_in_a_sentence(
    settings: Any, monkeypatch: pytest.MonkeyPatch, limit: int, left: int
) -> None:
    town = crowd(1)
    _site, door = builders.site_with_door(town.plant)
    guard, other = (builders.user("guard", town.plant.pk, name) for name in ("east", "west"))
    monkeypatch.setattr(clock, "now", lambda: LATER)
    assert working(town, LATER) == 0, "nobody is registered any more"
    check = uuid7()
    typed = {"check": str(check), "direction": "in", "celsius": "36.5", "mask": "on", "gloves": "on", "well": "yes"}
    assert _of(guard).post(f"/doors/{door.pk}/workers/{town.workers[0]}/check/", typed).status_code == 302
    assert working(town, LATER) == 1
    settings.FUGONG_LOSS_LIMIT = limit
    facts = Fact.objects.count()
    answer = _of(other).post(f"/doors/{door.pk}/checks/{check}/undo/")
    assert answer.status_code == 200
    assert working(town, LATER) == left
    assert ("would take a permission from 1 people" in answer.content.decode()) == bool(left)
    assert (Fact.objects.count() == facts) == bool(left)
    assert Loss.objects.filter(actor=other).count() == 1 - left
    assert not WaitingAct.objects.exists()


def _of(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client
