"""Figures of an installation in which nothing has happened yet."""

from __future__ import annotations

import pytest

from fugong.reports.figures import FIGURES
from fugong.reports.queries import figures, members, report

AT = 1_583_748_000


@pytest.mark.django_db
def test_an_empty_town_has_no_rates() -> None:
    values = figures(as_of=AT, known_at=AT)
    assert values.keys() == FIGURES.keys()
    assert {value.numerator for value in values.values()} == {0}
    assert {value.rate for value in values.values()} == {None}
    assert report(as_of=AT, known_at=AT)["division"] is None


@pytest.mark.django_db
@pytest.mark.parametrize("key", FIGURES)
def test_an_empty_list(key: str) -> None:
    assert members(key, as_of=AT, known_at=AT, part="denominator", search="某").total == 0
