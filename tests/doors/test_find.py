"""Finding who stands before a door."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import gatehouse as g
from fugong.base.ids import uuid7
from fugong.base.statistics import gather_statistics
from fugong.doors import queries
from fugong.registry.bulk import NewEmployment, NewWorker, write_employments, write_workers
from fugong.registry.models import Door

pytestmark = pytest.mark.django_db
PHONES = ("13950203317", "13950208842", "13805911207")


@pytest.fixture
def plant():
    return g.plant()


@pytest.fixture
def people(plant):
    return dict(zip("王陈单", g.hire(plant, "王小明", "陈静", "单雄信", phones=PHONES), strict=True))


def door(plant):
    return Door.objects.select_related("site").get(pk=plant.door.pk)


def found(plant, text):
    return [hit.name for hit in queries.find(door(plant), text)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("A1", ["王小明"]),
        ("a2", ["陈静"]),
        ("Ａ２", ["陈静"]),
        ("wxm", ["王小明"]),
        ("WX", ["王小明"]),
        ("sxx", ["单雄信"]),
        ("小明", ["王小明"]),
        ("陈 静", ["陈静"]),
        ("3317", ["王小明"]),
        ("17", ["王小明"]),
        ("13950208842", ["陈静"]),
        ("139 5020 8842", ["陈静"]),
        ("nobody", []),
        ("%", []),
        ("9999", []),
        ("  ", []),
        ("", []),
    ],
)
def test_a_worker_is_found_by_what_a_guard_has(plant, people, typed, names):
    assert found(plant, typed) == names


def test_a_scan_of_the_worker_id_is_exact(plant, people):
    (hit,) = queries.find(door(plant), str(people["陈"]))
    assert (hit.id, hit.exact) == (people["陈"], True)


def test_an_exact_badge_comes_first_and_says_so(plant):
    g.hire(plant, *(f"工人{letter}" for letter in "甲乙丙丁戊己庚辛壬癸"))
    hits = queries.find(door(plant), "A1")
    assert [(hit.badge, hit.exact) for hit in hits] == [("A1", True), ("A10", False)]


def test_nobody_of_another_enterprise_is_found(plant, people):
    other = g.plant("dye", "别家印染有限公司")
    g.hire(other, "李四", badge="Z")
    assert found(plant, "ls") == []
    assert found(plant, "Z1") == []
    assert found(other, "wxm") == []


def test_a_leaver_is_not_found(plant, people):
    from fugong.registry.models import Employment

    Employment.objects.filter(worker=people["王"]).update(active=False)
    assert found(plant, "王") == []


def test_at_most_a_dozen_are_shown(plant):
    g.hire(plant, *["王小明"] * 30)
    assert len(queries.find(door(plant), "wxm")) == queries.LIMIT


@pytest.mark.slow
def test_thirteen_thousand_workers_are_searched_by_one_query(plant):
    surnames, given = "王陈林黄张李吴刘郑杨", "明静芳伟丽军敏强磊洋艳勇杰娟涛超秀霞平刚桂英"
    workers = [
        NewWorker(uuid7(), surnames[i % 10] + given[i % 22] + given[i // 22 % 22], f"1395{i:07d}")
        for i in range(13_000)
    ]
    write_workers(workers)
    write_employments(
        NewEmployment(worker.id, plant.id, uuid7(), g.BEFORE, workshop=f"{i % 40}车间", badge=f"{i:05d}")
        for i, worker in enumerate(workers)
    )
    gather_statistics()  # the serving login's own ANALYZE does nothing, and without it each search may take 20 seconds
    here = door(plant)
    for typed in ("wjm", "w", "静芳", "08842", "8842", "13950008842", str(workers[77].id)):
        with CaptureQueriesContext(connection) as captured:
            shown = queries.find(here, typed)
        assert 0 < len(shown) <= queries.LIMIT, typed
        assert len(captured) == 1, typed
