"""Problems: nothing is closed but by the enterprise's word, every step is kept, what is late goes to the town once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from fugong.base.access import acting, as_user
from fugong.notices.models import Notice
from fugong.teams import queries
from fugong.teams.errors import TeamError
from fugong.teams.models import Member, Problem
from fugong.teams.services import end_member, problems
from fugong.teams.services.problems import NewProblem
from teams.patches import DAY, NOW, Town, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Town:
    return town(planned=0)


@pytest.fixture
def problem(here):
    one = NewProblem(here.firms[0].pk, "materials", "原料运不进来", NOW - DAY)
    (key,) = problems.report(problems=[one], now=NOW, actor=here.member.pk)
    return key


def state(problem):
    found = Problem.objects.get(pk=problem)
    return found.state, found.word_of, [event.kind for event in found.events.order_by("recorded_at", "pk")]


def refused(call, **given):
    with pytest.raises(TeamError) as caught:
        call(**given)
    return caught.value.code


def test_the_teams_word_closes_nothing_the_enterprises_does(here, problem):
    by = {"problem": problem, "now": NOW, "actor": here.member.pk}
    assert refused(problems.close, word_of=" ", **by) == "problem.no_word"
    for own in ("林队长", "林 队长", "城东一队"):  # however it is written; the team that sees to it
        assert refused(problems.close, word_of=own, **by) == "problem.own_word"
    end_member(member=Member.objects.get().pk, end=NOW - 60)
    assert refused(problems.close, word_of="林队长", **by) == "problem.own_word"  # nor who has left
    problems.answer(words="已联系货运公司", **by)
    assert state(problem) == ("answered", "", ["opened", "answered"])
    assert refused(problems.answer, words="again", **by) == "problem.state"
    problems.close(word_of="王总", words="已到货", **by)
    assert state(problem) == ("closed", "王总", ["opened", "answered", "closed"])
    problems.reopen(word_of="王总", words="又断了", due=NOW + DAY, **by)
    assert state(problem) == ("open", "", ["opened", "answered", "closed", "reopened"])


def test_the_database_knows_no_problem_that_nobody_closed(problem):
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=problem).update(state="closed", closed_at=NOW)


def test_what_is_late_is_passed_on_once_and_again_after_a_new_date(here, problem):
    due = Problem.objects.get(pk=problem).due_at
    assert due == NOW + 6 * DAY
    assert problems.escalate(due - 1) == 0
    assert (problems.escalate(due), problems.escalate(due + 60)) == (1, 0)
    told = Notice.objects.get(reason="problems_late")
    assert (told.audience, told.state) == ("office", "queued")
    assert [one.pk for one in queries.shown(Problem.objects.all(), due, state="escalated")] == [problem]
    problems.hand(problem=problem, owner="镇经发办", due=due + DAY, now=due + 60, actor=here.admin.pk)
    assert not queries.shown(Problem.objects.all(), due + 60, state="escalated")
    assert problems.escalate(due + DAY) == 1
    assert Notice.objects.filter(reason="problems_late").count() == 2  # one a day
    assert state(problem)[2] == ["opened", "escalated", "handed", "escalated"]


def test_what_the_enterprise_never_confirms_is_late_too_and_names_who_has_to_act(here, problem):
    found = Problem.objects.get(pk=problem)
    assert (found.turn, found.is_late(found.due_at - 1)) == ("城东一队", False)
    problems.answer(problem=problem, words="已联系货运公司", now=NOW, actor=here.member.pk)
    found = Problem.objects.get(pk=problem)
    assert (found.turn, found.is_late(found.due_at)) == (here.firms[0].name, True)
    assert problems.escalate(found.due_at) == 1
    assert found.events.get(kind="escalated").owner == here.firms[0].name
    every = Problem.objects.all()
    assert queries.tallies(every, found.due_at)["materials"] == queries.Tally("materials", 0, 1, 1, 0)
    assert list(queries.shown(every, found.due_at, state="late")) == [found]
    assert queries.team_rows([here.teams[0]], found.due_at)[0].late == 1
    problems.close(problem=problem, word_of="陈会计", now=found.due_at, actor=here.member.pk)
    assert not Problem.objects.get(pk=problem).is_late(found.due_at)


def test_the_board_counts_what_is_open_late_and_closed_by_kind(here, problem):
    more = [
        NewProblem(here.firms[1].pk, "materials", "缺布料", NOW - 9 * DAY), NewProblem(here.firms[1].pk, "money", "贷款到期", NOW),
    ]  # fmt: skip
    _late, money = problems.report(problems=more, now=NOW, actor=here.member.pk)
    problems.close(problem=money, word_of="李经理", now=NOW, actor=here.member.pk)
    with acting(as_user(here.member)):
        found = queries.tallies(queries.problems_in(here.member), NOW)
        assert found["materials"] == queries.Tally("materials", 2, 1, 0, 0)
        assert found["money"] == queries.Tally("money", 0, 0, 0, 1)
        shown = queries.shown(queries.problems_in(here.member), NOW)
        assert [one.words for one in shown] == ["缺布料", "原料运不进来"]
    with acting(as_user(here.clerk)):
        assert [one.pk for one in queries.problems_in(here.clerk)] == [problem]


def test_a_problem_needs_a_kind_words_somebody_and_a_time(here):
    firm = here.firms[0].pk
    for wrong, code in (
        (NewProblem(firm, "x", "…", NOW), "problem.kind"), (NewProblem(firm, "money", " ", NOW), "problem.words"),
        (NewProblem(firm, "money", "…", NOW, owner="x" * 65), "problem.owner"),
        (NewProblem(firm, "money", "…", NOW, due=NOW), "problem.due"),
    ):  # fmt: skip
        assert refused(problems.report, problems=[wrong], now=NOW, actor=None) == code
    assert not Problem.objects.exists()
