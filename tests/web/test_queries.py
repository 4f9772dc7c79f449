"""No list makes more queries when it has more rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import builders
from fugong.registry.models import Enterprise


def count(client: Client, path: str) -> int:
    client.get(path)  # the session and what is cached once a process
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def fill(place: builders.Place, rows: int) -> None:
    first = 1000 * rows
    for worker in builders.workers(place.enterprise, rows, first):
        builders.survey(worker)
        builders.register(worker, builders.NOW - 86_400 - 9_000)  # lapsed or lapsing: each row has a reason
    for number in range(rows):
        builders.enterprise(first + number, f"企业 {first + number}")
        builders.site_with_door(place.enterprise, f"厂区 {first + number}")


@pytest.mark.parametrize(
    "page",
    [
        "/enterprises/", "/workers/", "/enterprises/{enterprise}/", "/enterprises/{enterprise}/sites/",
        "/enterprises/{enterprise}/lapsing/", "/town/figures/surveyed/?part=denominator",
        "/town/figures/enterprises.industrial/", "/town/",
    ],
)  # fmt: skip
def test_lists(page: str, place: builders.Place, as_role):
    path = page.format(enterprise=place.enterprise.pk)
    client = as_role("town_administrator")
    fill(place, 5)
    few = count(client, path)
    fill(place, 50)
    assert count(client, path) <= few
    assert Enterprise.objects.count() == 57


def test_a_long_file(place: builders.Place, as_role):
    worker = place.workers["cleared"]
    client = as_role("enterprise_clerk")
    counts = []
    for rows in (5, 45):
        for n in range(rows):
            builders.record(worker, "temperature", builders.NOW - 60 * (n + rows), {"celsius": 36.5, "place": "door"})
        counts.append((count(client, f"/workers/{worker}/file/"), count(client, f"/workers/{worker}/")))
    assert counts[1][0] <= counts[0][0]
    assert counts[1][1] <= counts[0][1]
