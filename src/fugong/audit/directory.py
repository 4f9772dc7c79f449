"""Who and what the audit's ids are: asked of the app that knows people and organisations, which lies above this one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID


class Directory(Protocol):
    """What the audit's pages ask. Answers must not depend on who asks (``access.elevated``), and tell no more than asked."""

    def persons(self, typed: str) -> list[UUID]:
        """Workers whose whole identity or telephone number this is, or whose file's address."""

    def organisations(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """The names of those of these that are enterprises, sites or patches."""

    def organisations_called(self, text: str) -> list[UUID]:
        """Enterprises, sites and patches whose name holds this text."""


class _Nobody:
    """Before anybody is known."""

    def persons(self, typed: str) -> list[UUID]:
        return []

    def organisations(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        return {}

    def organisations_called(self, text: str) -> list[UUID]:
        return []


_known: list[Directory] = [_Nobody()]


def register(directory: Directory) -> None:
    """Say who knows (at start-up, once)."""
    _known.append(directory)


def directory() -> Directory:
    """Who knows people and organisations."""
    return _known[-1]
