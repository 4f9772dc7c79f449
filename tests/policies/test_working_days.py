"""Working days: the festival of 2020 as it was extended, days worked at weekends, years that nobody has announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fugong.policies.errors import PolicyError
from fugong.policies.working_days import is_working_day, working_day_after, year


def days(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_the_spring_festival_of_2020_as_it_was_extended():
    assert not any(is_working_day(day) for day in days(date(2020, 1, 24), date(2020, 2, 2)))
    assert is_working_day(date(2020, 1, 19))  # the Sunday before, worked
    assert not is_working_day(date(2020, 2, 1))  # a Saturday that was to be worked, until the festival was extended
    assert is_working_day(date(2020, 2, 3))
    assert working_day_after(date(2020, 1, 23), 1) == date(2020, 2, 3)


def test_ten_working_days_after_a_resumption():
    assert working_day_after(date(2020, 2, 17), 10) == date(2020, 3, 2)
    assert working_day_after(date(2020, 2, 22), 10) == date(2020, 3, 6)  # from a Saturday on
    assert working_day_after(date(2020, 4, 24), 2) == date(2020, 4, 27)  # Sunday the 26th is worked


def test_each_year_has_its_source_and_as_many_days_worked_as_moved():
    for number in range(2020, 2027):
        table = year(number)
        assert "国" in table.source
        assert all(day.weekday() < 5 for day in table.off)
        assert all(day.weekday() >= 5 for day in table.worked)


def test_a_year_that_is_not_announced_is_not_guessed():
    with pytest.raises(PolicyError) as error:
        is_working_day(date(2027, 1, 4))
    assert error.value.code == "policy.no_calendar"
