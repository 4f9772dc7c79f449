"""The demo towns: event-level data, made by a seed from a recipe (``towns/*.yaml``), written through the services."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fugong.scenario.errors import ScenarioError
from fugong.scenario.recipe import names as towns

if TYPE_CHECKING:
    from fugong.scenario.loading import Loaded

__all__ = ["ScenarioError", "default_town", "is_loaded", "load", "towns"]


def default_town() -> str:
    """The town that the demo shows unless another one is asked for."""
    return towns()[0]


def is_loaded(town: str) -> bool:
    """Whether this database serves that demo town. Raises ScenarioError when there is none of that name."""
    from fugong.scenario import loading

    return loading.is_loaded(town)


def load(town: str, *, seed: int, password: str, progress: Callable[[int, int], None] | None = None) -> Loaded:
    """Make a demo town in an empty database; ``loading.load`` says how."""
    from fugong.scenario import loading

    return loading.load(town, seed=seed, password=password, progress=progress or loading.silent)
