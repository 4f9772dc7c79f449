"""Measures in words: their sentences in the language of the page, their amounts, and the facts behind an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fugong.base import local
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.ledger import wording as facts
from fugong.ledger.kinds import KINDS
from fugong.policies.language.conditions import Verdict
from fugong.policies.language.form import Document, Words
from fugong.policies.language.known import Known
from fugong.registry.queries import names_of

ANSWERS = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no"), "unknown": gettext_lazy("not known yet")}
STANDINGS = {
    "yes": gettext_lazy("may get it"),
    "open": gettext_lazy("would get it, if"),
    "no": gettext_lazy("does not get it"),
}
SHAPES = {"yes": "ok", "open": "soon", "no": "none"}
"""With which shape and colour each standing is shown: that one doesn't get a subsidy is no alarm."""


def said(words: Words) -> str:
    """A sentence of a measure in the language in force."""
    return words.zh if (get_language() or "").startswith("zh") else words.en


def in_words(items: Sequence[str | Words]) -> str:
    """Several sentences one after the other."""
    return _(", ").join(one if isinstance(one, str) else said(one) for one in items)


def in_force(document: Document) -> str:
    """From when to when a document is in force, in words; empty where it names no day."""
    days = {"first": document.first, "last": document.last}
    if document.first and document.last:
        return _("in force from %(first)s to %(last)s") % days
    if document.last:
        return _("in force until %(last)s") % days
    return _("in force since %(first)s") % days if document.first else ""


def yuan(fen: int) -> str:
    """An amount as people write it: 52,460 or 859.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02}" if rest else f"{whole:,}"


def fen(text: str) -> int | None:
    """An amount in yuan as people type it, in fen; None for what is none."""
    try:
        value = Decimal(text.strip().replace(",", "").replace("，", "").rstrip("元 ") or "x") * 100
    except ArithmeticError:
        return None
    return int(value) if value == value.to_integral_value() and 0 <= value < 10**13 else None


def behind(verdicts: Iterable[Verdict]) -> dict[UUID, str]:
    """The facts behind some answers in words, by their ids: names in a constant number of queries."""
    known = {fact.id: fact for one in verdicts for fact in one.facts}
    names = names_of(one for fact in known.values() for one in facts.referred_to(fact.kind, fact.values))
    return {key: _fact(fact, names) for key, fact in known.items()}


def _fact(fact: Known, names: Mapping[str, str]) -> str:
    values = _(", ").join(f"{title}{_(': ')}{value}" for title, value in facts.described(fact.kind, fact.values, names))
    when = _span(fact)
    return " · ".join(part for part in (str(KINDS[fact.kind].title), values, when) if part)


def dated(fact: Known) -> str:
    """A fact by its kind and its time alone: where a list has room for no more, and readers need no more of a person."""
    return " · ".join(part for part in (str(KINDS[fact.kind].title), _span(fact)) if part)


def _span(fact: Known) -> str:
    start = "" if fact.start <= MINUS_INF else f"{local.day_of(fact.start)}"
    if fact.end >= PLUS_INF or fact.end - fact.start <= 1:
        return start
    return f"{start} – {local.day_of(fact.end - 1)}"
