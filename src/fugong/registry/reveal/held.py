"""The reason that somebody gave: it holds for a quarter of an hour, in their session only."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.sessions.backends.base import SessionBase

from fugong.base.reasons import HOLDS, REASONS, word

_KEY = "reveal_reason"


@dataclass(frozen=True, slots=True)
class Held:
    """A reason, and until when it holds."""

    code: str
    until: int

    @property
    def title(self) -> str:
        """The reason in words."""
        return word(self.code)


def keep(session: SessionBase, code: str, now: int) -> Held:
    """Let a reason hold from now on. The code is one of ``REASONS``."""
    held = Held(code, now + HOLDS)
    session[_KEY] = [held.code, held.until]
    return held


def reason(session: SessionBase, now: int) -> Held | None:
    """The reason that still holds."""
    kept = session.get(_KEY)
    if not kept or kept[0] not in REASONS or not now < kept[1] <= now + HOLDS:
        return None
    return Held(*kept)


def drop(session: SessionBase) -> None:
    """The reason holds no longer."""
    session.pop(_KEY, None)
