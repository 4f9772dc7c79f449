"""Reports of output: what doesn't fit is asked back, whichever way it came in, until it is answered or corrected."""

from __future__ import annotations

import pytest

import builders
from fugong.base import local
from fugong.ledger.queries import standing
from fugong.registry import asked
from fugong.registry.asked import Answer
from fugong.resumption.errors import ResumptionError
from fugong.resumption.models import Question, Report
from fugong.resumption.services import output
from fugong.resumption.services.output import Figures
from resumption.plants import DAY, NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    builders.town()
    builders.adopt()
    return builders.enterprise()


def report(of, day: int, current: float, normal: float = 1000, **more) -> list[str]:
    found = output.report(enterprise=of.pk, day=day, current=current, normal=normal, actor=None, **{"now": NOW, **more})
    return [one.code for one in found]


def test_a_plain_report_is_a_fact_of_its_day_and_asks_nothing(enterprise):
    assert report(enterprise, NOW, 600) == []
    fact = standing().get(kind="capacity")
    assert (fact.start, fact.values) == (TODAY, {"current_yuan": 600, "normal_yuan": 1000})
    assert report(enterprise, NOW, 600) == []
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "now", "asked_back"),
    [
        (None, (1500, 1000), []),
        (None, (1501, 1000), ["above_normal"]),
        ((500, 1000), (899, 1000), []),
        ((500, 1000), (900, 1000), ["jump"]),
        ((900, 1000), (500, 1000), ["jump"]),
        ((500, 1000), (600, 1200), []),
        ((500, 1000), (600, 1201), ["normal_changed"]),
        ((500, 1000), (395, 790), ["normal_changed"]),
    ],
)
def test_each_threshold_is_the_packs(enterprise, before, now, asked_back):
    if before:
        report(enterprise, NOW - DAY, *before)
    assert report(enterprise, NOW, *now) == asked_back


def test_a_jump_over_many_days_is_none(enterprise):
    report(enterprise, NOW - 4 * DAY, 100)
    assert report(enterprise, NOW, 900) == []


def test_all_of_the_output_with_a_fifth_of_the_staff_is_asked_back(enterprise):
    people = builders.workers(enterprise, 5)
    _site, door = builders.site_with_door(enterprise)
    assert report(enterprise, NOW - 9 * DAY, 1000) == []  # nobody was ever seen at a door: it may have none that checks
    values = {"door": str(door.pk), "direction": "in", "outcome": "passed", "mask": True, "gloves": True}
    builders.record(people[0], "door_check", NOW - 3600, values, source="door")
    assert report(enterprise, NOW, 1000) == ["staff"]
    [question] = Question.objects.all()
    assert question.detail == {"share": 1.0, "people": 1, "staff": 5}
    assert report(enterprise, NOW, 690) == []
    builders.record(people[1], "door_check", NOW - 3600, values | {"outcome": "refused"}, source="door")
    assert report(enterprise, NOW, 700) == ["staff"]


def test_what_is_asked_back_is_an_open_item_until_it_is_answered(enterprise):
    report(enterprise, NOW, 1600)
    [item] = asked.open_items([enterprise.pk], NOW)[enterprise.pk]
    assert item.question.code == output.ITEM
    with pytest.raises(ResumptionError):
        output.explain(enterprise=enterprise.pk, words=" ", now=NOW, actor=None)
    output.explain(enterprise=enterprise.pk, words="赶订单，三班倒", now=NOW + 5, actor=None)
    assert asked.open_items([enterprise.pk], NOW + 5)[enterprise.pk] == []
    [question] = Question.objects.all()
    assert (question.answered_at, question.answer) == (NOW + 5, "赶订单，三班倒")
    with pytest.raises(ResumptionError):
        output.explain(enterprise=enterprise.pk, words="x", now=NOW + 5, actor=None)


def test_a_team_may_bring_the_answer_and_a_correction_needs_none(enterprise):
    report(enterprise, NOW - DAY, 1600)
    answer = Answer(enterprise.pk, output.ITEM, NOW, text="看过报表，属实")
    asked.give(answers=[answer], source="service team", now=NOW)
    assert output.open_questions([enterprise.pk]) == []
    assert report(enterprise, NOW, 2600) == ["above_normal", "jump"]
    assert report(enterprise, NOW, 1400) == []
    assert [row.current for row in Report.objects.filter(standing=True).order_by("at")] == [1600, 1400]


def test_words_at_the_moment_of_entry_answer_at_once(enterprise):
    assert report(enterprise, NOW, 1600, words="赶订单") == []
    assert Question.objects.get().answer == "赶订单"


def test_whichever_way_a_figure_comes_in_it_is_looked_at(enterprise):
    builders.record(enterprise.pk, "capacity", NOW - 60, {"current_yuan": 1600, "normal_yuan": 1000}, now=NOW)
    assert [one.code for one in output.open_questions([enterprise.pk])] == ["above_normal"]


def test_before_it_is_stored_the_same_is_asked(enterprise):
    assert [one.code for one in output.doubts([Figures(enterprise.pk, TODAY, 1600, 1000)], NOW)[0]] == ["above_normal"]
    assert not Report.objects.exists()


def test_days_to_come_and_long_past_are_refused(enterprise):
    for day, code in ((NOW + DAY, "capacity.future"), (NOW - 40 * DAY, "capacity.old")):
        with pytest.raises(ResumptionError) as caught:
            report(enterprise, day, 500)
        assert caught.value.code == code
    assert local.day_of(NOW) == builders.DAY
