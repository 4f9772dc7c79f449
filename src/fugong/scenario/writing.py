"""Facts on their way into the ledger: kept until their recorded time comes, then appended in batches, in that order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from random import Random
from typing import Any
from uuid import UUID

from fugong.base.ids import uuid7_at
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact

SLOT = 900
"""Seconds: devices and desks hand in what they have every quarter of an hour, so that a batch shares its time."""

_Key = tuple[int, str, UUID | None]


def _slot(moment: int) -> int:
    """The end of the slot in which a moment lies."""
    return -(-moment // SLOT) * SLOT


class Writer:
    """Collects facts by when and by whom they are recorded."""

    def __init__(self, rng: Random) -> None:
        self._bits = rng.getrandbits
        self._waiting: dict[_Key, list[NewFact]] = defaultdict(list)
        self.written = 0

    def new_id(self, moment: int) -> UUID:
        """An id of that moment."""
        return uuid7_at(moment, self._bits(74))

    def slot(self, moment: int) -> int:
        """When what a desk hands in at a moment is recorded."""
        return _slot(moment)

    def add(
        self, kind: str, subject: UUID, start: int, values: Mapping[str, Any], *, source: str, end: int | None = None,
        recorded: int | None = None, actor: UUID | None = None, supersedes: UUID | None = None,
        withdrawn: bool = False, reason: str = "",
    ) -> UUID:  # fmt: skip
        """Keep a fact until it is recorded: at ``recorded``, or else when it begins, at the end of that slot."""
        slot = _slot(start if recorded is None else recorded)
        fact_id = uuid7_at(slot, self._bits(74))
        self._waiting[slot, source, actor].append(
            NewFact(subject, kind, start, values, end, fact_id, supersedes, withdrawn, reason)
        )
        return fact_id

    def add_numbered(self, fact: NewFact, *, source: str, actor: UUID | None) -> None:
        """Keep a fact whose id is given, because it follows from another one's; chance has no part in it."""
        self._waiting[_slot(fact.start), source, actor].append(fact)

    def flush(self, until: int) -> None:
        """Append everything that is recorded before ``until``."""
        due = sorted((key for key in self._waiting if key[0] < until), key=lambda key: (key[0], key[1], str(key[2])))
        for key in due:
            recorded, source, actor = key
            facts = self._waiting.pop(key)
            ledger.append(facts=facts, source=source, now=recorded, actor=actor, ids_are_new=True)
            self.written += len(facts)
