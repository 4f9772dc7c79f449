"""The same seed makes the same town; another seed another one, of which the recipe is as true."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection

from demo_town import loaded

FACTS = """
SELECT kind, subject_id, start, "end", values, recorded_at, withdrawn, reason, source FROM ledger_fact
WHERE kind <> 'establishment' ORDER BY kind, subject_id, start, "end", values::text, recorded_at, withdrawn
"""


def digest() -> str:
    with connection.cursor() as cursor:
        cursor.execute(FACTS)
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_town() -> None:
    found = []
    for seed in (2020, 2020, 7):
        with loaded("qinghe", seed) as town:
            found.append(digest())
            parts, late = town.recipe.workers, town.recipe.workers.tests
            without = late.pending + late.unsampled + late.inconclusive + late.recorded_late
            tests = town.value("tests.before_work")
            assert tests["denominator"] == parts.to_test.count
            assert tests["numerator"] == parts.to_test.count - without
            assert tests["enterprises"] == parts.to_test.enterprises
            assert town.value("not_returned.hubei")["count"] == parts.hubei_away.count
            assert town.value("vacancies.reported")["count"] == town.recipe.vacancies.posts
    assert found[0] == found[1] != found[2]
