"""Each figure moves with one more fact that is its business, and not with one that only looks like it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from pytest_django.plugin import DjangoDbBlocker

from demo_town import DAY, HOUR, Town, loaded
from fugong.base import local
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.queries import holding
from fugong.ledger.services import NewFact
from fugong.registry.models import Enterprise, Site
from fugong.registry.services import add_site
from fugong.reports.figures import FIGURES
from fugong.reports.queries import UnknownFigureError, members, report
from fugong.resumption.models import Question
from fugong.resumption.services import output
from fugong.teams.services import add_team

pytestmark = pytest.mark.django_db
Change = Callable[[Town], object]


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), loaded("qinghe") as town:
        yield town


def first(key: str, town: Town, part: Any = "numerator") -> UUID:
    """Somebody from the list behind a figure."""
    return members(key, as_of=town.moment, known_at=town.moment, part=part, limit=1).rows[0].subject


def small(town: Town) -> UUID:
    return first("resumed.all", town, "missing")


def site(town: Town, *, opened: int, closed: int | None = None, purpose: str = "observation") -> UUID:
    place = add_site(name=f"新观察点{opened}{purpose}")
    town.fact(place.pk, "site_open", opened, {"purpose": purpose}, end=closed)
    return place.pk


def open_site() -> UUID:
    opened = Fact.objects.filter(kind="site_open", values__purpose="observation").values("subject")
    return Site.objects.get(pk__in=opened).pk


def untested(town: Town) -> UUID:
    """Somebody to be tested of whom no result is known, who has been back for two days."""
    worker = town.worker(town.large("industrial").pk, whereabouts="away", test_required=True)
    town.fact(worker, "arrival", town.moment - 2 * DAY, {"mode": "own"})
    return worker


def back(town: Town, mode: str, origin: str, at: int, trip: str = "包车9") -> None:
    worker = town.worker(town.enterprise().pk, whereabouts="away")
    town.fact(worker, "arrival", at, {"mode": mode, "trip": trip, "from_division": origin})


def away(town: Town, **said: Any) -> UUID:
    return town.worker(
        Enterprise.objects.get(key="yunjin").pk, **{"household": "420106", "whereabouts": "away", **said}
    )


def vacancy(town: Town, enterprise: UUID, **times: Any) -> None:
    town.fact(enterprise, "vacancy", town.moment - 5 * DAY, {"post": "挡车工", "number": 7}, **times)


def observed(town: Town, values: dict[str, Any], end: int | None = None) -> None:
    worker = town.worker(small(town))
    town.fact(worker, "observation", town.moment - DAY, values, end=end)


def registered(town: Town, at: int) -> None:
    town.fact(first("registers.today", town, "missing"), "register", at, {"well": True})


def temperature(town: Town, celsius: float, place: str, at: int) -> None:
    town.fact(town.worker(small(town)), "temperature", at, {"celsius": celsius, "place": place})


def today(town: Town, clock: str = "09:00") -> int:
    return local.at(local.day_of(town.moment), clock)


ELSEWHERE = "330183102"
MOVES: list[tuple[str, str, Change, dict[str, int]]] = [
    ("enterprises.industrial", "a new one", lambda t: t.enterprise(), {"count": 1}),
    ("enterprises.commercial_and_service", "a shop", lambda t: t.enterprise("commercial"), {"count": 1}),
    ("enterprises.commercial_and_service", "a hairdresser", lambda t: t.enterprise("service"), {"count": 1}),
    ("resumed.all", "a small one resumes", lambda t: t.fact(small(t), "resumption", t.moment - HOUR), {"numerator": 1}),
    ("resumed.all", "a new one", lambda t: t.enterprise(), {"denominator": 1}),
    ("resumed.above_size.industrial", "a big one is founded", lambda t: t.large("industrial"), {"denominator": 1}),
    ("resumed.above_size.commercial", "a big one is founded", lambda t: t.large("commercial"), {"denominator": 1}),
    (
        "resumed.above_size.commercial", "just at the threshold of retail",
        lambda t: t.enterprise("commercial", trade="retail", yuan=5_000_000), {"denominator": 1},
    ),
    (
        "resumed.above_size.service", "it resumes",
        lambda t: t.fact(first("resumed.above_size.service", t, "missing"), "resumption", t.moment - HOUR), {"numerator": 1},
    ),
    ("tests.before_work", "one more to test, of one more enterprise", untested, {"denominator": 1, "enterprises": 1}),
    (
        "tests.before_work", "tested", lambda t: t.test(untested(t), t.moment - DAY, t.moment - HOUR),
        {"numerator": 1, "denominator": 1, "enterprises": 1},
    ),
    (
        "returned.non_local", "by another coach", lambda t: back(t, "bus", "360281", t.moment - DAY),
        {"count": 1, "buses": 1},
    ),
    ("returned.non_local", "by plane", lambda t: back(t, "charter_plane", "511381", t.moment - DAY), {"count": 1}),
    (
        "returned.non_local", "by a coach that is counted already",
        lambda t: back(t, "bus", "341221", t.moment - DAY, trip="包车1（安徽临泉）"), {"count": 1},
    ),
    ("not_returned.hubei", "one more", away, {"count": 1}),
    ("not_returned.hubei", "with a number from Zhejiang", lambda t: away(t, number="330183199001011239"), {"count": 1}),
    ("vacancies.reported", "seven posts", lambda t: vacancy(t, first("vacancies.reported", t)), {"count": 7}),
    ("observation.sites", "one opens", lambda t: site(t, opened=t.moment - HOUR), {"count": 1}),
    (
        "observation.rooms", "one more room",
        lambda t: t.fact(open_site(), "room", t.moment - HOUR, {"room": "999"}), {"count": 1},
    ),
    (
        "observation.rooms_free", "somebody moves into a free room",
        lambda t: observed(t, {"site": str(open_site()), "room": free_room(t)}), {"numerator": -1},
    ),
    ("observation.current", "one more", lambda t: observed(t, {}), {"count": 1}),
    ("service_teams", "one more", lambda t: team(t, t.moment - DAY), {"count": 1}),
    (
        "capacity", "a newer report", lambda t: capacity(t, t.moment - HOUR, 205_000),
        {"numerator": 10_000},
    ),
    ("capacity.yunjin", "a newer report", lambda t: capacity(t, t.moment - HOUR, 205_000), {"numerator": 10_000}),
    (
        "workers.back", "surveyed as returned",
        lambda t: t.survey(away(t, household="341221"), "returned", t.moment - HOUR), {"numerator": 1, "denominator": 1},
    ),
    ("workers.back", "one more away", away, {"denominator": 1}),
    (
        "surveyed", "surveyed for the first time",
        lambda t: t.survey(first("surveyed", t, "missing"), "local", t.moment - HOUR), {"numerator": 1},
    ),
    ("registers.today", "filed this morning", lambda t: registered(t, today(t)), {"numerator": 1}),
    ("screened.today", "at a door", lambda t: temperature(t, 36.5, "door", today(t)), {"count": 1}),
    ("fevers.today", "at the limit", lambda t: temperature(t, 37.3, "home", today(t)), {"count": 1}),
    (
        "documents.handed", "to another one, twice",
        lambda t: handed(t, first("documents.handed", t, "missing"), t.moment - 2 * HOUR, t.moment - HOUR),
        {"numerator": 1, "documents": 1},
    ),
    ("documents.handed", "one more enterprise", lambda t: t.enterprise(), {"denominator": 1}),
    (
        "visited.above_size", "a new one is visited",
        lambda t: visit(t, t.large("industrial").pk, t.moment - HOUR), {"numerator": 1, "denominator": 1},
    ),
]  # fmt: skip

MISSES: list[tuple[str, str, Change]] = [
    ("enterprises.industrial", "of another town", lambda t: t.enterprise(division=ELSEWHERE)),
    ("enterprises.industrial", "founded tomorrow", lambda t: t.enterprise(start=t.moment + DAY)),
    ("enterprises.commercial_and_service", "a factory", lambda t: t.enterprise()),
    ("resumed.all", "resumes tomorrow", lambda t: t.fact(small(t), "resumption", t.moment + DAY)),
    (
        "resumed.all", "resumed and stopped again",
        lambda t: t.fact(small(t), "resumption", t.moment - 4 * DAY, end=t.moment - DAY),
    ),
    ("resumed.all", "known only tomorrow", lambda t: t.fact(small(t), "resumption", t.moment - DAY, now=t.moment + DAY)),
    (
        "resumed.above_size.industrial", "one yuan below the threshold",
        lambda t: t.enterprise(yuan=19_999_999),
    ),
    (
        "resumed.above_size.commercial", "wholesale has a higher threshold",
        lambda t: t.enterprise("commercial", trade="wholesale", yuan=19_000_000),
    ),
    (
        "resumed.above_size.service", "the resumption of a small one",
        lambda t: t.fact(t.enterprise("service").pk, "resumption", t.moment - HOUR),
    ),
    ("tests.before_work", "not to be tested", lambda t: t.worker(Enterprise.objects.get(key="yunjin").pk)),
    ("tests.before_work", "of a small enterprise", lambda t: t.worker(t.enterprise().pk, test_required=True)),
    (
        "tests.before_work", "still away",
        lambda t: t.worker(Enterprise.objects.get(key="yunjin").pk, whereabouts="away", test_required=True),
    ),
    (
        "tests.before_work", "left an hour ago",
        lambda t: t.worker(Enterprise.objects.get(key="yunjin").pk, left=t.moment - HOUR, test_required=True),
    ),
    ("returned.non_local", "by own car", lambda t: back(t, "own", "360281", t.moment - DAY)),
    ("returned.non_local", "from the same prefecture", lambda t: back(t, "bus", "330122", t.moment - DAY)),
    ("returned.non_local", "arrives tomorrow", lambda t: back(t, "bus", "360281", t.moment + DAY)),
    (
        "not_returned.hubei", "a number that begins with 42, registered in Zhejiang",
        lambda t: away(t, number="420106199001011236", household="330183199"),
    ),
    ("not_returned.hubei", "left last week", lambda t: away(t, left=t.moment - 7 * DAY)),
    ("not_returned.hubei", "on the way", lambda t: away(t, whereabouts="returning")),
    ("not_returned.hubei", "never left", lambda t: away(t, whereabouts="local")),
    ("not_returned.hubei", "arrived", lambda t: t.fact(away(t), "arrival", t.moment - HOUR, {"mode": "own"})),
    ("vacancies.reported", "filled", lambda t: vacancy(t, first("vacancies.reported", t), end=t.moment - HOUR)),
    ("vacancies.reported", "of another town", lambda t: vacancy(t, t.enterprise(division=ELSEWHERE).pk)),
    ("observation.sites", "closed yesterday", lambda t: site(t, opened=t.moment - 9 * DAY, closed=t.moment - DAY)),
    ("observation.sites", "for sampling", lambda t: site(t, opened=t.moment - HOUR, purpose="sampling")),
    (
        "observation.rooms", "at a site that is closed",
        lambda t: t.fact(site(t, opened=t.moment - 9 * DAY, closed=t.moment - DAY), "room", t.moment - 8 * DAY,
                         {"room": "1"}),
    ),
    (
        "observation.rooms", "the same room entered twice",
        lambda t: t.fact(open_site(), "room", t.moment - HOUR, {"room": free_room(t)}),
    ),
    ("observation.rooms_free", "observed at home", lambda t: observed(t, {})),
    ("observation.current", "released", lambda t: observed(t, {}, end=t.moment - HOUR)),
    ("service_teams", "sets out tomorrow", lambda t: team(t, t.moment + DAY)),
    ("capacity", "an older report", lambda t: capacity(t, t.moment - 9 * DAY, 205_000)),
    ("capacity.yunjin", "tomorrow's report", lambda t: capacity(t, t.moment + DAY, 205_000)),
    ("surveyed", "surveyed again", lambda t: t.survey(first("surveyed", t), "local", t.moment - HOUR)),
    ("registers.today", "yesterday's", lambda t: registered(t, today(t) - DAY)),
    ("screened.today", "in a dormitory", lambda t: temperature(t, 36.5, "dormitory", today(t))),
    ("screened.today", "yesterday", lambda t: temperature(t, 36.5, "door", today(t) - DAY)),
    ("fevers.today", "just below", lambda t: temperature(t, 37.2, "door", today(t))),
    ("documents.handed", "tomorrow", lambda t: handed(t, first("documents.handed", t, "missing"), t.moment + DAY)),
    ("visited.above_size", "a small one is visited", lambda t: visit(t, small(t), t.moment - HOUR)),
]  # fmt: skip


def free_room(town: Town) -> str:
    return members("observation.rooms_free", as_of=town.moment, known_at=town.moment).rows[0].tags[0]


def team(town: Town, start: int) -> None:
    from fugong.registry.services import add_patch

    add_team(
        name="新服务队", patch=add_patch(name="新片区"), leader="某", start=start, now=town.moment - DAY, source="test"
    )


def capacity(town: Town, at: int, current: int) -> None:
    visited = Enterprise.objects.get(key="yunjin").pk
    town.fact(visited, "capacity", at, {"current_yuan": current, "normal_yuan": 300_000})


def visit(town: Town, enterprise: UUID, at: int) -> None:
    town.fact(enterprise, "visit", at, {"team": str(first("service_teams", town))})


def handed(town: Town, enterprise: UUID, *moments: int) -> None:
    """The same document, so many times."""
    for at in moments:
        town.fact(enterprise, "document_handed", at, {"document": "00000000-0000-7000-8000-000000000001"})


def moved(before: dict[str, Any], after: dict[str, Any]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after if name != "rate" and after[name] != before[name]}


@pytest.mark.parametrize(("key", "what", "change", "by"), MOVES, ids=[f"{key}: {what}" for key, what, *_ in MOVES])
def test_a_fact_that_must_move_the_figure(town: Town, key: str, what: str, change: Change, by: dict[str, int]) -> None:
    before = town.value(key)
    change(town)
    assert moved(before, town.value(key)) == by


@pytest.mark.parametrize(("key", "what", "change"), MISSES, ids=[f"{key}: {what}" for key, what, _ in MISSES])
def test_a_near_miss_does_not_move_it(town: Town, key: str, what: str, change: Change) -> None:
    later = town.moment + 2 * DAY
    before, known_later = town.value(key), town.value(key, known_at=later)
    facts = set(Fact.objects.values_list("pk", flat=True))
    change(town)
    new = Fact.objects.exclude(pk__in=facts)
    assert new.exists()
    assert town.value(key) == before
    if not new.exclude(start__gt=town.moment).exists():  # what begins later counts no more when it is known
        assert town.value(key, known_at=later) == known_later


@pytest.mark.parametrize(
    ("sampled", "reported", "result", "recorded", "known"),
    [
        (-30 * HOUR, HOUR, "negative", HOUR, HOUR),  # reported after the moment
        (-30 * HOUR, -2 * HOUR, "negative", DAY, 0),  # recorded after it
        (-30 * HOUR, -2 * HOUR, "inconclusive", -60, 0),
        (-3 * DAY, -DAY, "negative", -60, 0),  # sampled before the journey
    ],
)
def test_results_that_do_not_count(
    town: Town, sampled: int, reported: int, result: str, recorded: int, known: int
) -> None:
    worker, now = untested(town), town.moment
    before = town.value("tests.before_work", known_at=now + known)
    town.test(worker, now + sampled, now + reported, result=result, now=now + recorded)
    assert town.value("tests.before_work", known_at=now + known) == before


def test_an_antigen_result_is_no_nucleic_acid_test(town: Town) -> None:
    worker, now = untested(town), town.moment
    before = town.value("tests.before_work")
    values = {"result": "negative", "method": "antigen", "sampled_at": now - DAY, "reported_at": now - HOUR}
    town.fact(worker, "test", now - DAY, values)
    assert town.value("tests.before_work") == before


def test_every_figure_is_moved_and_missed() -> None:
    assert {key for key, *_ in MOVES} >= FIGURES.keys()
    missed = {key for key, *_ in MISSES}
    assert missed >= FIGURES.keys() - {"workers.back"}


def test_somebody_on_the_way_is_not_back(town: Town) -> None:
    worker = away(town, household="341221")
    before = town.value("workers.back")
    town.survey(worker, "returning", town.moment - HOUR)
    assert town.value("workers.back") == before


def test_somebody_with_two_employers_counts_once(town: Town) -> None:
    worker = untested(town)
    before = town.value("tests.before_work")
    other = town.large("industrial")
    town.fact(worker, "employment", town.moment - 9 * DAY, {"employer": str(other.pk)})
    assert moved(before, town.value("tests.before_work")) == {"enterprises": 1}
    row = members("tests.before_work", as_of=town.moment, known_at=town.moment, part="missing", search="测试").rows[0]
    assert (row.subject, len(row.employers)) == (worker, 2)


def test_a_resumption_taken_back_is_known_as_of_then_and_as_of_now(town: Town) -> None:
    key = "resumed.above_size.industrial"
    resumption = holding(town.moment).get(subject_id=first(key, town), kind="resumption")
    before = town.value(key)
    town.withdraw(resumption, town.moment + DAY)
    assert before == {"numerator": 4, "denominator": 4, "rate": 1.0}
    assert town.value(key) == before
    assert town.value(key, known_at=town.moment + DAY) == {"numerator": 3, "denominator": 4, "rate": 0.75}
    assert town.value(key, known_at=town.moment + DAY - 1) == before


def test_the_list_behind_a_figure_adds_up_to_it(town: Town) -> None:
    for key, value in town.figures().items():
        hits = members(key, as_of=town.moment, known_at=town.moment, limit=100_000)
        assert sum(row.amount for row in hits.rows) == value.numerator, key
        assert hits.total == len(hits.rows)
        assert all(row.name for row in hits.rows)
        if value.denominator is not None:
            everything = members(key, as_of=town.moment, known_at=town.moment, part="denominator", limit=100_000)
            missing = members(key, as_of=town.moment, known_at=town.moment, part="missing", limit=100_000)
            assert sum(row.whole for row in everything.rows) == value.denominator, key
            assert everything.total == hits.total + missing.total


def test_a_list_has_pages_and_is_searched_by_name_and_initials(town: Town) -> None:
    everybody = members("surveyed", as_of=town.moment, known_at=town.moment, limit=1_000)
    page = members("surveyed", as_of=town.moment, known_at=town.moment, limit=10, offset=10)
    assert page.rows == everybody.rows[10:20]
    assert page.total == everybody.total
    assert members("surveyed", as_of=town.moment, known_at=town.moment, offset=5_000).total == everybody.total
    name = everybody.rows[0].name
    found = members("surveyed", as_of=town.moment, known_at=town.moment, search=name)
    assert found.rows
    assert all(name in row.name for row in found.rows)
    assert not members("surveyed", as_of=town.moment, known_at=town.moment, search="%").rows
    away(town)
    by_initials = members("not_returned.hubei", as_of=town.moment, known_at=town.moment, search="csyg")
    assert [row.name for row in by_initials.rows] == ["测试员工"]
    with pytest.raises(UnknownFigureError):
        members("wishes", as_of=town.moment, known_at=town.moment)


def test_the_report_is_for_programs(town: Town) -> None:
    said = report(as_of=town.moment, known_at=town.moment)
    assert said["as_of"] == said["known_at"] == "2020-03-06T12:00:00+08:00"
    assert said["division"] == "330183199"
    assert said["figures"]["tests.before_work"] == {
        "numerator": 53, "denominator": 61, "enterprises": 4, "rate": 53 / 61,
    }  # fmt: skip


def test_of_another_day_other_figures(town: Town) -> None:
    keys = ("tests.before_work", "not_returned.hubei", "vacancies.reported", "resumed.all", "returned.non_local")
    by_day = [
        [str(town.value(key, as_of=local.parse(day), known_at=local.parse(day))) for key in keys]
        for day in (
            "2020-02-20T20:00+08:00",
            "2020-02-27T20:00+08:00",
            "2020-03-06T12:00+08:00",
            "2020-03-15T20:00+08:00",
        )
    ]
    for figures_of_one_key in zip(*by_day, strict=True):
        assert len(set(figures_of_one_key)) >= 3


def test_the_capacity_says_how_many_of_its_reports_are_questioned(town: Town) -> None:
    """Asked back as it came in, explained later: what was known in between still says so. The town's pack asks nothing back."""
    visited, before = Enterprise.objects.get(key="yunjin").pk, town.value("capacity")["questioned"]
    at, now = town.moment - HOUR, town.moment - 60
    tenfold = NewFact(visited, "capacity", at, {"current_yuan": 3_000_000, "normal_yuan": 300_000})
    (fact,) = ledger.append(facts=[tenfold], source="test", evidence="a paper", now=now)
    assert town.value("capacity")["questioned"] == before
    Question.objects.create(report_id=fact, enterprise_id=visited, code=Question.ABOVE, raised_at=now)
    assert town.value("capacity")["questioned"] == before + 1
    output.explain(enterprise=visited, words="checked on a visit", now=town.moment, actor=None)
    assert town.value("capacity")["questioned"] == before
    assert town.value("capacity", known_at=now)["questioned"] == before + 1
