"""Work on many rows: five thousand at once in seconds, a hundred thousand exported in bounded memory."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from townbench.pages import ROLES, addresses, filled

MANY = 5_000
GOAL_SECONDS, GOAL_MEGABYTES = 30.0, 150.0


def actions(enterprise: UUID) -> dict[str, Callable[[], int]]:
    """Bulk actions of premises over the largest enterprise, each undone afterwards; each returns how many rows it wrote."""
    import builders
    from fugong.premises.canteen import services as canteen
    from fugong.premises.dormitories import rounds
    from fugong.premises.dormitories import services as dormitories
    from fugong.premises.dormitories.services import Assign
    from fugong.premises.models import Bed, Lodging, Stock
    from fugong.premises.sites import By
    from fugong.premises.stock import services as stock
    from fugong.premises.stock.services import Handed
    from fugong.registry.models import Employment, Site

    by = By(builders.NOW, None)

    def people() -> list[UUID]:
        return list(
            Employment.objects.filter(enterprise=enterprise, active=True).values_list("worker", flat=True)[:MANY]
        )

    def seats() -> int:
        return canteen.seat_everybody(site=Site.objects.get(enterprise=enterprise), by=by)

    def beds() -> int:
        Lodging.objects.filter(enterprise=enterprise).update(end=builders.EARLY)
        free = Bed.objects.filter(room__enterprise=enterprise).values_list("pk", flat=True)
        chosen = [Assign(worker, bed) for worker, bed in zip(people(), free, strict=False)]
        return len(dormitories.assign(lodgings=chosen, by=by))

    def handed() -> int:
        shelf = Stock.objects.filter(enterprise=enterprise).order_by("item")[0]
        stock.deliver(stock=shelf.pk, number=2 * MANY, by=by)
        return len(stock.issue(handed=[Handed(worker, shelf.pk, 2) for worker in people()], by=by))

    def missing() -> int:
        return rounds.note_missing(builders.NOW)["missing"]

    return {
        "seats for everybody": seats,
        "beds": beds,
        "supplies handed out": handed,
        "missing in the town's rounds": missing,
    }


def measure(enterprise: UUID) -> Iterator[tuple[str, int, float]]:
    """Each action: how many rows, in how many seconds."""
    from django.db import transaction

    from fugong.base import access

    for name, act in actions(enterprise).items():
        with access.acting(access.as_system("bench")):
            begun = time.perf_counter()
            number = act()
            taken = time.perf_counter() - begun
            transaction.set_rollback(True)
        yield name, number, taken


def exports(users: dict[str, Any], enterprise: UUID) -> Iterator[tuple[str, str, int, float, float]]:
    """Every workbook of the apps that a role may fetch: bytes, seconds, and by how many megabytes the process grew.

    Each in a process of its own, which ends with it.
    """
    for address in addresses():
        if not address.pattern.endswith((".xlsx", ".csv")):
            continue
        path = filled(address, enterprise)
        for role in ("town_administrator", "enterprise_clerk"):
            found = _fetched(users[role], path) if path and role in ROLES else None
            if found:
                yield (role, address.pattern, *found)


def _fetched(user: Any, path: str) -> tuple[int, float, float] | None:
    from django.db import connections
    from django.test import Client

    from fugong.base import access

    connections.close_all()
    there, here = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        client = Client()
        with access.acting(access.as_system("bench")):
            client.force_login(user)
        client.get("/")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        answer = client.get(path)
        if answer.status_code == 200:
            size = sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            os.write(here, f"{size} {time.perf_counter() - begun} {grown}".encode())
        os.close(here)
        os._exit(0)
    os.close(here)
    said = os.read(there, 200).decode()
    os.close(there)
    os.waitpid(child, 0)
    if not said:
        return None
    size, seconds, grown = said.split()
    return int(size), float(seconds), float(grown)
