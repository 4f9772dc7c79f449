"""Is it the same person? What a list's name and the registry's name for one document say about each other."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Likeness = Literal["same", "alike", "other"]


def likeness(said: str, known: str) -> Likeness:
    """How two names for one document compare.

    ``same``: equal but for spaces, dots, case, accents and the order of Latin words. ``alike``: one character of at
    least three was changed, added or left out (a slip of the pen). ``other``: somebody else's name.
    """
    one, two = plain(said), plain(known)
    if one == two or sorted(_words(said)) == sorted(_words(known)):
        return "same"
    return "alike" if min(len(one), len(two)) >= 2 < max(len(one), len(two)) and _one_apart(one, two) else "other"


def _words(name: str) -> list[str]:
    stripped = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return [word for word in re.split(r"[\W_]+", stripped) if word]


def plain(name: str) -> str:
    """A name for comparison: no spaces, dots, case or accents."""
    return "".join(_words(name))


def _one_apart(one: str, two: str) -> bool:
    """Whether one change, insertion or omission of a character makes two different texts equal."""
    if len(one) > len(two):
        one, two = two, one
    if len(two) - len(one) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    return one[same + 1 :] == two[same + 1 :] if len(one) == len(two) else one[same:] == two[same + 1 :]
