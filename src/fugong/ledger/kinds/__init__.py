"""The closed list of fact kinds: what may be written into the ledger, about whom, with which raw values.

A fact's kind is documented here or the ledger refuses it. Raw values only: thresholds, clocks and validity belong to
the protocol packs, which derive their own kinds from these (``core/protocol``). What a kind says here holds for every way
in: pages, doors, lists, API and command line. ``docs/fact-kinds.md`` is written from it (``tools/fact_kinds.py``).
One module a family of subjects.
"""

from __future__ import annotations

from fugong.ledger.kind import Field, FieldType, Kind, Shape, SubjectKind
from fugong.ledger.kinds.enterprise import ABOUT_ENTERPRISES
from fugong.ledger.kinds.making import OVERRIDE_REASONS, PERSON_ITEMS, TRAVEL
from fugong.ledger.kinds.places import ABOUT_PLACES
from fugong.ledger.kinds.worker import ABOUT_WORKERS

__all__ = [
    "KINDS", "OVERRIDE_REASONS", "PERSON_ITEMS", "TRAVEL", "Field", "FieldType", "Kind", "Shape", "SubjectKind",
]  # fmt: skip

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*ABOUT_WORKERS, *ABOUT_ENTERPRISES, *ABOUT_PLACES)}
"""Every fact kind by its name."""
