"""The demo towns: event-level data, made by a seed from a recipe (``towns/*.yaml``), written through the services."""

from __future__ import annotations

from fugong.scenario.errors import ScenarioError
from fugong.scenario.recipe import names as towns

__all__ = ["ScenarioError", "default_town", "is_loaded", "load", "towns"]


def default_town() -> str:
    """The town that the demo shows unless another one is asked for."""
    return towns()[0]


def __getattr__(name: str) -> object:
    """Loading needs Django's apps; listing the towns doesn't."""
    if name in ("load", "is_loaded", "Loaded"):
        from fugong.scenario import loading

        return getattr(loading, name)
    raise AttributeError(name)
