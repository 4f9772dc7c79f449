"""What is still to be asked of an enterprise, whoever needs it, and what it has said already.

An app that needs to know something registers a source (`ask_for`, in its ``ready()``). The visit sheet, the enterprise's
page and the filing read all sources through `open_items`, so that nothing is asked twice: who asks, and why, stands side by
side. What was answered is an ``evidence`` fact (`give`); whoever needs it looks first whether it is `known`.
"""

from __future__ import annotations

from fugong.registry.asked.items import (
    AnswerKind,
    Evidence,
    Given,
    Item,
    Question,
    Reason,
    Source,
    Wanted,
    ask_for,
    known,
    open_items,
)
from fugong.registry.asked.services import Answer, give

__all__ = [
    "Answer",
    "AnswerKind",
    "Evidence",
    "Given",
    "Item",
    "Question",
    "Reason",
    "Source",
    "Wanted",
    "ask_for",
    "give",
    "known",
    "open_items",
]
