"""Protocol packs: reading one, the shipped ones, and checking one against the facts that a ledger keeps.

``docs/protocol-packs.md`` says how to write one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from fugong.core.protocol.pack_build import Builder
from fugong.core.protocol.pack_errors import PackError
from fugong.core.protocol.pack_format import PERMISSION_TITLES, PERMISSIONS, schema
from fugong.core.protocol.pack_ledger import RawField, RawKind, against
from fugong.core.protocol.pack_model import (
    After,
    Bound,
    Colour,
    Condition,
    DoorRules,
    Link,
    Local,
    Pack,
    Parameter,
    Requirement,
    Rule,
    Source,
    Through,
    Unless,
)
from fugong.core.protocol.pack_yaml import read
from fugong.core.text import Text

__all__ = [
    "PERMISSIONS",
    "PERMISSION_TITLES",
    "After",
    "Bound",
    "Colour",
    "Condition",
    "DoorRules",
    "Link",
    "Local",
    "Pack",
    "PackError",
    "Parameter",
    "RawField",
    "RawKind",
    "Requirement",
    "Rule",
    "Source",
    "Text",
    "Through",
    "Unless",
    "against",
    "load",
    "schema",
    "shipped",
]


def load(text: str, *, name: str = "pack", parameters: Mapping[str, Any] = MappingProxyType({})) -> Pack:
    """The pack that a YAML text holds; ``parameters`` replaces values of its parameters (and so changes its digest).

    ``name`` stands in errors for where the text comes from. Raises PackError for the first thing that is wrong.
    """
    return Builder(read(text, name), parameters).pack() if parameters else _as_written(text, name)


@lru_cache(maxsize=32)
def _as_written(text: str, name: str) -> Pack:
    """A pack can't be changed, and reading one takes longer than most of what is done with it."""
    return Builder(read(text, name), {}).pack()


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, str]:
    folder = files("fugong.core.protocol") / "packs"
    found = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): entry.read_text(encoding="utf-8") for name, entry in found}


def shipped() -> dict[str, str]:
    """The YAML text of every pack that comes with the program, by its id."""
    return dict(_shipped())
