"""What can be handed over to an enterprise: documents of the apps above, as the visit sheet offers them.

An app that holds documents registers a source (`offer`, in its ``ready()``); that one was handed over is a
``document_handed`` fact with the document's id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fugong.base.faults import Text


@dataclass(frozen=True, slots=True)
class Handout:
    """A document by its id, as ``document_handed`` facts name it, and what people call it (number and title)."""

    id: str
    title: Text


Source = Callable[[int], Iterable[Handout]]
"""``source(at)``: which documents are in force at a moment, in the order in which they are to be offered."""

_sources: list[Source] = []


def offer(source: Source) -> None:
    """Register a source of documents (at start-up, once)."""
    _sources.append(source)


def offered(at: int) -> list[Handout]:
    """Every document that can be handed over at a moment, each once."""
    found = {one.id: one for source in _sources for one in source(at)}
    return list(found.values())
