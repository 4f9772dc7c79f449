"""The checklist of an enterprise: the pack's items and the papers of the town's way of filing, each with what is known.

What Fugong knows goes before what was asked and answered; only what neither says is missing, and goes to whoever asks
(``registry.asked``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Text
from fugong.clearance.evaluation import force_at
from fugong.clearance.queries import operations
from fugong.core.protocol.operations import Operations
from fugong.core.protocol.readiness import ReadinessItem, Said
from fugong.core.time import MINUS_INF
from fugong.registry import asked
from fugong.registry.asked import Drawn, Evidence, Given, Question, Reason, Wanted, papers
from fugong.registry.models import Paper
from fugong.resumption import known as knowledge
from fugong.resumption.known import Knowledge
from fugong.resumption.models import Filing
from fugong.resumption.papers import PAPERS
from fugong.resumption.queries import Way, way

State = Literal["enough", "short", "missing"]
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an enterprise's checklist. ``wanted`` is how much is enough, ``drawn`` what Fugong knows, ``given`` what was
    answered. A paper has no ``rule``. ``required``: without it nothing is approved. ``paper`` is the file that was shown.
    """

    code: str
    question: Question
    source: Text
    required: bool
    state: State
    drawn: Drawn | None = None
    given: Given | None = None
    wanted: float | None = None
    rule: ReadinessItem | None = None
    paper: Paper | None = None

    @property
    def value(self) -> bool | float | str | None:
        """What is known, wherever from."""
        if self.drawn is not None:
            return self.drawn.value
        return None if self.given is None else self.given.value

    @property
    def is_paper(self) -> bool:
        """Whether it is a paper of the filing rather than a matter of prevention."""
        return self.rule is None

    def kept(self) -> dict[str, Any]:
        """What stays of it in a filing: what was known when."""
        kept = {"code": self.code, "state": self.state, "value": self.value, "wanted": self.wanted,
                "drawn": self.drawn is not None}  # fmt: skip
        return kept | ({"paper": str(self.paper.pk)} if self.paper else {})


@dataclass(frozen=True, slots=True)
class Checklist:
    """An enterprise's checklist at a moment."""

    lines: tuple[Line, ...]
    known: Knowledge

    def of(self, *states: State, required: bool | None = None) -> list[Line]:
        """The lines in some states."""
        return [line for line in self.lines if line.state in states and required in (None, line.required)]

    @property
    def enough(self) -> int:
        """How many lines are as they should be."""
        return len(self.of("enough"))

    @property
    def missing(self) -> list[Line]:
        """What nobody has answered."""
        return self.of("missing")


def checklists(
    enterprises: Sequence[UUID], at: int, *, evidence: Evidence | None = None, under: Way | None = None,
    knows: Mapping[UUID, Knowledge] | None = None,
) -> dict[UUID, Checklist]:  # fmt: skip
    """The checklists of these enterprises, in a constant number of queries."""
    items = operations(at).readiness.items
    papers = (under or way(at)).papers
    given = asked.known(enterprises, at) if evidence is None else evidence
    knows = knowledge.known(enterprises, at) if knows is None else knows
    return {
        key: Checklist(
            (
                *(_paper(code, knows[key], given[key].get(code)) for code in papers),
                *_items(items, knows[key], given[key], at),
            ),
            knows[key],
        )
        for key in enterprises
    }


def checklist(enterprise: UUID, at: int, *, under: Way | None = None) -> Checklist:
    """One enterprise's, with the files that it showed."""
    found = checklists([enterprise], at, under=under)[enterprise]
    files = papers.by_id(line.given.paper for line in found.lines if line.given is not None)
    lines = (replace(line, paper=_paper_of(line, files)) for line in found.lines)
    return replace(found, lines=tuple(lines)) if files else found


def _paper_of(line: Line, files: Mapping[UUID, Paper]) -> Paper | None:
    key = None if line.given is None else line.given.paper
    return None if key is None else files.get(key)


def _paper(code: str, one: Knowledge, given: Given | None) -> Line:
    paper = PAPERS[code]
    drawn = one.drawn.get(code)
    if code in ("application_form", "signed_commitment"):
        drawn = Drawn(True, _("the filing itself"))
    question = Question(code, paper.title, "document", hint=_("Number or name of the document, and where it is kept."))
    here = (drawn is not None and drawn.value is not False) or (not paper.own and given is not None)
    return Line(code, question, _("papers of a filing"), True, "enough" if here else "missing", drawn, given)


def _items(
    items: Mapping[str, ReadinessItem], one: Knowledge, given: Mapping[str, Given], at: int
) -> Iterable[Line]:  # fmt: skip
    for code, item in items.items():
        if not item.bound(one.staff, one.has):
            continue
        drawn, answer = one.drawn.get(code), given.get(code)
        if answer is not None and answer.at < _since(item, at):
            answer = None
        if code in _OWN and drawn is None:
            drawn = Drawn(0, _("roster"), 0, 0)
        if drawn is None and answer is None and not item.required and code in ("daily_register",):
            continue
        value = drawn.value if drawn is not None else None if answer is None else answer.value
        state: State = "missing" if value is None else "enough" if item.enough(value, one.staff) else "short"
        yield Line(
            code, question_of(code, item), item.source, item.required, state, drawn, answer, item.least(one.staff), item
        )


_OWN = frozenset({"staff_screening"})
"""What Fugong alone knows: nobody is asked for it as a number, its lists are filled in instead."""


def _since(item: ReadinessItem, at: int) -> int:
    return MINUS_INF if item.days is None else at - item.days * DAY


def items(at: int) -> list[tuple[Question, ReadinessItem]]:
    """Every item of the pack in force, for whoever sets the way of filing."""
    return [(question_of(code, item), item) for code, item in operations(at).readiness.items.items()]


@dataclass(frozen=True, slots=True)
class Lack:
    """That the protocol in force states no checklist, or no threshold for output: its title (empty: none is in force), and why
    it states none, where it says so.
    """

    protocol: Text
    why: Text


def lacks(at: int) -> tuple[Lack | None, Lack | None]:
    """What the protocol in force lacks: a checklist of readiness; thresholds for output. None for what it states."""
    force = force_at(at)
    stated = Operations() if force is None else force.pack.operations
    protocol = "" if force is None else _lazily(force.pack.title.zh, force.pack.title.en)
    return (
        None if stated.readiness.items else Lack(protocol, said(stated.readiness.none)),
        None if stated.capacity.asks else Lack(protocol, said(stated.capacity.none)),
    )


def question_of(code: str, item: ReadinessItem) -> Question:
    """An item as a question."""
    return Question(code, said(item.title), item.kind, said(item.unit), said(item.hint))


def _said(zh: str, en: str) -> str:
    return zh if (get_language() or "zh-hans").startswith("zh") else en


_lazily = lazy(_said, str)


def said(words: Said | None) -> Text:
    """A pack's words, in the language of whoever reads."""
    return "" if words is None else _lazily(words.zh, words.en)


def wanted(enterprises: Sequence[UUID], at: int, given: Evidence) -> dict[UUID, list[Wanted]]:
    """What is asked of those who don't work yet, and of those whose beginning the town has still to check.

    The source of open items of this app (``registry.asked``).
    """
    if not operations(at).readiness.items and not way(at).papers:
        return {}
    knows = knowledge.known(enterprises, at)
    unchecked = set(
        Filing.objects.filter(enterprise__in=enterprises, state=Filing.IN_FORCE, checked_at=None, listed=False)
        .exclude(regime="permit").values_list("enterprise_id", flat=True)
    )  # fmt: skip
    asking = [key for key in enterprises if knows[key].resumed_since is None or key in unchecked]
    lists = checklists(asking, at, evidence=given, knows=knows)
    return {key: [_wanted(line, at) for line in lists[key].missing if _can_be_asked(line)] for key in asking}


def _can_be_asked(line: Line) -> bool:
    """Whether somebody can answer it: what only lists, rosters and surveys say is filled in there."""
    return not PAPERS[line.code].own if line.is_paper else line.code not in _OWN


def _wanted(line: Line, at: int) -> Wanted:
    why = _("needed before work begins again") if line.required else _("reported with the filing")
    since = MINUS_INF if line.rule is None else _since(line.rule, at)
    return Wanted(line.question, Reason(why, line.source), since)
