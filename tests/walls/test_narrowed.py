"""Narrowed, the second wall looks up a few people instead of listing everybody: never more than the scope has."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

import builders
from fugong.base import access
from fugong.registry.models import Employment, Worker

pytestmark = pytest.mark.django_db
EVERY_SCOPE = ("enterprise_clerk", "guard", "door_device", "service_team_member", "worker")


@pytest.fixture
def place():
    return builders.place()


def seen():
    with connection.cursor() as cursor:
        cursor.execute("SELECT fugong_subjects()")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("role", EVERY_SCOPE)
def test_of_the_people_in_the_scope_only_those_few(place, role):
    everybody = {*place.workers.values(), *place.others}
    with access.acting(access.as_user(place.users[role])):
        all_of_them = seen()
        for few in ((), everybody, [place.workers["cleared"], place.others[0]]):
            with access.narrowed(few):
                assert seen() & everybody == all_of_them & set(few)
                assert seen() - everybody <= all_of_them
                assert set(Worker.objects.values_list("pk", flat=True)) == all_of_them & set(few)
        assert seen() == all_of_them


def test_one_within_another_ends_with_it(place):
    one, other = place.workers["cleared"], place.workers["away"]
    with access.acting(access.as_user(place.users["guard"])), access.narrowed([one]):
        with access.narrowed([other]):
            assert set(Worker.objects.values_list("pk", flat=True)) == {other}
        assert set(Worker.objects.values_list("pk", flat=True)) == {one}
        with access.elevated("a test"):
            assert Worker.objects.count() == len(place.workers) + len(place.others)


def test_nobody_is_written_of_who_is_not_among_them(place):
    one, other = place.workers["cleared"], place.workers["away"]
    with access.acting(access.as_user(place.users["enterprise_clerk"])), access.narrowed([one]):
        assert Employment.objects.filter(worker=one).update(badge="X") == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Employment.objects.filter(worker=other).update(badge="X")


def test_a_failed_transaction_leaves_nothing_behind(place):
    with access.acting(access.as_user(place.users["guard"])):
        with pytest.raises(DatabaseError), transaction.atomic(), access.narrowed([]), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert Worker.objects.count() == len(place.workers)


def test_somebody_in_observation_is_found_where_they_are(place):
    day = builders.NOW
    site = place.users["observation_medic"].scope_id
    guest = place.others[0]
    builders.record(guest, "observation", day - 60, {"site": str(site)}, end=day + 600, now=day)
    with access.acting(access.as_user(place.users["observation_medic"])):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('fugong.now', %s, true)", [str(day)])
        assert guest in seen()
        with access.narrowed([guest, place.workers["away"]]):
            assert seen() & {guest, place.workers["away"]} == {guest}
        with access.narrowed([]):
            assert guest not in seen()
