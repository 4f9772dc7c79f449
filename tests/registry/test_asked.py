"""What an enterprise has said once is kept, dated, and not asked again; what several need is asked once, with their reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import builders
from fugong.base.ids import uuid7
from fugong.ledger.models import Fact
from fugong.ledger.queries import holding, standing
from fugong.ledger.validation import FactError
from fugong.registry import asked
from fugong.registry.asked import Answer, Evidence, Question, Reason, Wanted, items
from fugong.registry.models import Enterprise

pytestmark = pytest.mark.django_db
NOW = builders.NOW
ROOMS = Question("isolation_rooms", "isolation rooms", "number", "rooms")
PLAN = Question("disinfection_plan", "plan of disinfection", "flag")


@pytest.fixture
def enterprise() -> Enterprise:
    builders.town()
    return builders.enterprise()


@pytest.fixture
def sources() -> Iterator[list[asked.Source]]:
    """The sources of the test alone."""
    before, items._sources[:] = items._sources[:], []
    yield items._sources
    items._sources[:] = before


def give(enterprise: Enterprise, at: int, number: float, *, now: int = NOW, key: UUID | None = None) -> list[UUID]:
    answer = Answer(enterprise.pk, "isolation_rooms", at, number=number, id=key)
    return asked.give(answers=[answer], source="page", now=now)


def number_at(enterprise: Enterprise, at: int) -> float | None:
    given = asked.known([enterprise.pk], at)[enterprise.pk].get("isolation_rooms")
    return given.number if given else None


def test_a_later_answer_holds_from_then_on_and_the_earlier_one_before(enterprise):
    give(enterprise, NOW - 500, 2)
    give(enterprise, NOW - 100, 5)
    assert [number_at(enterprise, at) for at in (NOW - 501, NOW - 500, NOW - 101, NOW - 100, NOW)] == [
        None, 2, 2, 5, 5,
    ]  # fmt: skip


def test_an_answer_that_comes_in_late_ends_where_a_newer_one_begins(enterprise):
    give(enterprise, NOW - 100, 5)
    give(enterprise, NOW - 500, 2)
    assert [number_at(enterprise, at) for at in (NOW - 400, NOW - 100, NOW)] == [2, 5, 5]
    give(enterprise, NOW - 300, 3)
    assert [number_at(enterprise, at) for at in (NOW - 400, NOW - 300, NOW - 100)] == [2, 3, 5]


def test_answers_of_one_batch_follow_each_other(enterprise):
    answers = [Answer(enterprise.pk, "isolation_rooms", NOW - at, number=at) for at in (10, 30, 20, 30)]
    assert len(asked.give(answers=answers, source="page", now=NOW)) == 3
    assert [number_at(enterprise, NOW - at) for at in (30, 21, 20, 10, 0)] == [30, 30, 20, 10, 10]


def test_another_answer_at_the_same_moment_takes_its_place(enterprise):
    give(enterprise, NOW, 2)
    give(enterprise, NOW, 2)
    assert Fact.objects.filter(kind="evidence").count() == 1
    give(enterprise, NOW, 4)
    assert [fact.values["number"] for fact in standing().filter(kind="evidence")] == [4]


def test_what_was_noted_offline_and_is_sent_twice_is_stored_once(enterprise):
    key = uuid7()
    assert give(enterprise, NOW - 50, 2, key=key) == [key]
    give(enterprise, NOW - 10, 3)
    assert give(enterprise, NOW - 50, 2, key=key) == []
    assert number_at(enterprise, NOW) == 3


def test_of_each_item_one_answer_holds_at_a_time(enterprise):
    for at in (300, 100, 200, 250, 50):
        give(enterprise, NOW - at, at)
    for at in range(0, 320, 10):
        assert holding(NOW - at).filter(kind="evidence").count() == (at <= 300)


def test_nothing_is_no_answer(enterprise):
    with pytest.raises(FactError) as refused:
        asked.give(answers=[Answer(enterprise.pk, "isolation_rooms", NOW)], source="page", now=NOW)
    assert refused.value.code == "fact.nothing_said"
    with pytest.raises(FactError) as refused:
        give(enterprise, NOW + 3600, 2)
    assert refused.value.code == "fact.future"


def test_what_two_need_is_asked_once_with_both_reasons(enterprise, sources):
    filing, measure = Reason("the filing asks for it", "the town"), Reason("a measure asks for it", "labour office")
    asked.ask_for(lambda ids, at, known: {one: [Wanted(ROOMS, filing), Wanted(PLAN, filing)] for one in ids})
    asked.ask_for(lambda ids, at, known: {one: [Wanted(ROOMS, measure, address="/m/")] for one in ids})
    rooms, plan = asked.open_items([enterprise.pk], NOW)[enterprise.pk]
    assert (rooms.question, rooms.reasons, rooms.address) == (ROOMS, (filing, measure), "/m/")
    assert (plan.question, plan.reasons) == (PLAN, (filing,))
    give(enterprise, NOW, 3)
    assert [item.question for item in asked.open_items([enterprise.pk], NOW)[enterprise.pk]] == [PLAN]


def test_an_answer_that_is_too_old_is_asked_for_again_and_shown(enterprise, sources):
    fresh, any_age = Reason("every week", "the town"), Reason("once", "the town")
    asked.ask_for(
        lambda ids, at, known: {one: [Wanted(ROOMS, fresh, since=at - 100), Wanted(ROOMS, any_age)] for one in ids}
    )
    give(enterprise, NOW - 200, 3)
    [item] = asked.open_items([enterprise.pk], NOW)[enterprise.pk]
    assert item.reasons == (fresh,)
    assert item.before is not None
    assert item.before.value == 3


def test_a_source_sees_what_is_known_and_more_enterprises_make_no_more_queries(enterprise, sources):
    def source(ids: Sequence[UUID], at: int, known: Evidence) -> Mapping[UUID, list[Wanted]]:
        return {one: [] if "isolation_rooms" in known[one] else [Wanted(PLAN, Reason("why", "who"))] for one in ids}

    asked.ask_for(source)
    ids = [enterprise.pk, *(builders.enterprise(number=number).pk for number in (2, 3))]
    give(enterprise, NOW, 3)
    counts = []
    for few in (ids[:1], ids):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = asked.open_items(few, NOW)
        counts.append(len(queries))
    assert counts == [1, 1]
    assert [len(found[one]) for one in ids] == [0, 1, 1]
