"""What is still to be asked of an enterprise, whoever needs it, and what it has said already.

An app that needs to know something registers a source (`ask_for`, in its ``ready()``). The visit sheet, the enterprise's
page and the filing read all sources through `open_items`, so that nothing is asked twice: who asks, and why, stands side by
side. What was answered is an ``evidence`` fact (`give`); whoever needs it looks first whether it is `known`, and a checklist also
what apps know by themselves (`drawn`).
"""

from __future__ import annotations

from fugong.registry.asked.drawn import Drawn, draw_from, drawn
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
    "Drawn",
    "Evidence",
    "Given",
    "Item",
    "Question",
    "Reason",
    "Source",
    "Wanted",
    "ask_for",
    "draw_from",
    "drawn",
    "give",
    "known",
    "open_items",
]
