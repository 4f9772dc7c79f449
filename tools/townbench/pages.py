"""The pages that are measured: every address of the apps that answers a GET with a page, for each role that may see it.

Nothing is listed by hand: addresses come from the URL conf, what stands in them from the apps' own rows.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

APPS = ("resumption", "teams", "policies", "submissions", "premises", "notices")
"""The apps of the town and its enterprises; one that isn't there yet has no addresses."""
ROLES = (
    "enterprise_clerk", "line_leader", "guard", "service_team_member", "town_administrator", "deputy", "bureau_reader",
    "dispatcher",
)  # fmt: skip
WARM, GOAL_MS = 2, 300.0
_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """An address of an app: its pattern as the URL conf writes it."""

    app: str
    pattern: str


def addresses() -> list[Address]:
    """Every address of the apps, in the order of the URL conf."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def under(resolver: Any, before: str, app: str) -> Iterator[Address]:
        for entry in resolver.url_patterns:
            here = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from under(entry, here, entry.namespace or entry.app_name or app)
            elif isinstance(entry, URLPattern):
                yield Address(app, here)

    return [one for one in under(get_resolver(), "", "") if one.app in APPS]


def filled(address: Address, enterprise: UUID) -> str | None:
    """The address with ids of this enterprise's rows; None where there is no row for it, or it takes words."""
    given: dict[str, str] = {}
    for found in _PARAMETER.finditer(address.pattern):
        if found["converter"] != "uuid":
            return None
        key = _id(address.app, found["name"].removesuffix("_id"), enterprise)
        if key is None:
            return None
        given[found["name"]] = str(key)
    return "/" + _PARAMETER.sub(lambda found: given[found["name"]], address.pattern)


_CALLED = {"signed": "submission"}
"""Names in addresses of what its table calls otherwise."""


def _id(app: str, name: str, enterprise: UUID) -> UUID | None:
    from django.apps import apps

    from fugong.base import access
    from fugong.registry.models import Employment

    with access.acting(access.as_system("bench")):
        if name == "enterprise":
            return enterprise
        if name == "worker":
            return Employment.objects.filter(enterprise=enterprise).values_list("worker", flat=True).first()
        for model in apps.get_app_config(app).get_models():
            if _CALLED.get(name, name) in model.__name__.lower():
                rows = model._default_manager.all()
                if any(field.name == "enterprise" for field in model._meta.fields):
                    rows = rows.filter(enterprise=enterprise)
                return rows.values_list("pk", flat=True).first()
    return None


@dataclass(frozen=True, slots=True)
class Figure:
    """How long a page takes a role: in milliseconds, and how many kilobytes it has."""

    role: str
    app: str
    pattern: str
    median: float
    p95: float
    kilobytes: int

    @property
    def fine(self) -> bool:
        """Whether it keeps to the goal."""
        return self.p95 <= GOAL_MS


def yardstick() -> float:
    """How long the emptiest page takes in this process: on a machine that does other things as well, everything does."""
    from django.test import Client

    client, times = Client(), []
    for _turn in range(50):
        begun = time.perf_counter()
        client.get("/healthz")
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def measure(users: dict[str, Any], enterprise: UUID, rounds: int) -> list[Figure]:
    """Every address for every role, with all of the middleware, in this process."""
    from django.test import Client

    from fugong.base import access

    figures = []
    for role, user in users.items():
        client = Client()
        with access.acting(access.as_system("bench")):
            client.force_login(user)
        for address in addresses():
            path = filled(address, enterprise)
            if path is None:
                continue
            times, size = [], 0
            for turn in range(WARM + rounds):
                begun = time.perf_counter()
                answer = client.get(path)
                taken = (time.perf_counter() - begun) * 1000
                if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
                    break
                if turn >= WARM:
                    times.append(taken)
                    size = len(answer.content) // 1024
            if times:
                p95 = sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
                figures.append(Figure(role, address.app, address.pattern, statistics.median(times), p95, size))
    return figures
