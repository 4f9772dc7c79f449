"""The numbers of the practice: what a pack states holds to the last digit, what it doesn't state limits nothing."""

from __future__ import annotations

import pytest

from fugong.core.protocol.operations import Disinfection, Operations, Vehicles
from fugong.core.protocol.pack import load, shipped

JINFENG = load(shipped()["jinfeng-2020-03"]).operations


def test_half_of_a_coach_is_rounded_down_and_trains_are_not_cut() -> None:
    vehicles = JINFENG.vehicles
    assert [vehicles.seats("bus", rated) for rated in (48, 49, 55)] == [24, 24, 27]
    assert vehicles.seats("charter_train", 118) == 118


def test_a_share_that_floats_cannot_hold_exactly_loses_no_seat() -> None:
    assert Vehicles(seat_share={"bus": 0.7}).seats("bus", 10) == 7


@pytest.mark.parametrize(
    ("strength", "minutes", "counts"),
    [(250, 30, True), (500, 30, True), (249.9, 30, False), (500.1, 30, False), (400, 29, False)],
)
def test_both_ends_of_a_disinfection_count(strength: float, minutes: float, counts: bool) -> None:
    assert JINFENG.disinfection["vehicle"].enough(strength, minutes) is counts


def test_a_pack_that_states_nothing_limits_nothing() -> None:
    free = Operations()
    assert free.vehicles.seats("bus", 49) == 49
    assert Disinfection().enough(0, 0)
    assert free.sampling.pool_sizes == []
