"""What workers are called in passes and on devices: eight random bytes each, made when they are first needed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.db import connection

from fugong.base.access import narrowed
from fugong.doors.algorithms import base64url
from fugong.doors.models import Pseudonym

LENGTH = 11
"""Characters of a pseudonym."""


def of(workers: Iterable[UUID]) -> dict[UUID, str]:
    """The pseudonym of each worker in the actor's scope; those that aren't there yet are made.

    Two that make one for the same worker at once agree on one: the second adds nothing, and reads the first's.
    """
    wanted = set(workers)
    found = _stored(wanted)
    while missing := wanted - found.keys():
        made = [Pseudonym(worker_id=worker, value=base64url(secrets.token_bytes(8))) for worker in missing]
        Pseudonym.objects.bulk_create(made, ignore_conflicts=True)
        found |= _stored(missing)
    return found


def workers_of(values: Iterable[str]) -> dict[str, UUID]:
    """Whose these pseudonyms are; whoever lies beyond the actor's scope, or has none of them, isn't there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT doors_called(%s)", [list(values)])
        few = [row[0] for row in cursor.fetchall()]
    with narrowed(few):
        return dict(Pseudonym.objects.filter(worker__in=few).values_list("value", "worker_id"))


def named(names: Iterable[str]) -> dict[str, UUID]:
    """Whom names mean: pseudonyms, or workers' ids; what is neither isn't there."""
    found, short = dict[str, UUID](), list[str]()
    for name in set(names):
        if len(name) == LENGTH:
            short.append(name)
        elif len(name) > LENGTH:
            with suppress(ValueError):
                found[name] = UUID(name)
    return found | (workers_of(short) if short else {})


def _stored(workers: set[UUID]) -> dict[UUID, str]:
    return dict(Pseudonym.objects.filter(worker__in=workers).values_list("worker_id", "value"))
