"""What the pack in force says of sampling: pool sizes, who may not be pooled, which requirements a test puts right.

Nothing here knows the name of a derived kind: what a negative result comes to is said by the pack's own derivations.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from uuid import UUID

from fugong.clearance import evaluation
from fugong.clearance import queries as clearance
from fugong.core.protocol.derive import RawFact, derive
from fugong.core.protocol.pack import Pack

METHODS = ("nucleic_acid", "antigen")


def pool_sizes(at: int) -> list[int]:
    """How many swabs may share a tube, besides one; none where the pack says nothing of pools."""
    return sorted(clearance.operations(at).sampling.pool_sizes)


def single_only(workers: Collection[UUID], at: int) -> set[UUID]:
    """Who of them needs a tube of their own, by the pack in force."""
    force = evaluation.force_at(at)
    return set() if force is None else clearance.of_whom(workers, force.pack.single_only, at)


@lru_cache(maxsize=16)
def of_a_negative(pack: Pack) -> frozenset[str]:
    """The derived kinds that a negative nucleic-acid result makes hold."""
    values = {"result": "negative", "method": METHODS[0], "sampled_at": 0, "reported_at": 1}
    found = derive(pack, [RawFact(0, "test", 0, 1, values)], 1)
    return frozenset(kind for kind, intervals in found.items() if len(intervals))


@lru_cache(maxsize=64)
def put_right_by_a_test(pack: Pack, permission: str) -> tuple[str, ...]:
    """The requirements of a permission whose remedy is a test: those that speak of what a negative result makes hold."""
    kinds = of_a_negative(pack)
    return tuple(name for name in pack.permissions.get(permission, ()) if pack.requirements[name].kinds & kinds)
