"""What people filled in, as the services want it, and what is wrong with it; shown again as it was filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from fugong.base.typed import decimal, identifier
from fugong.ledger.symptoms import SYMPTOMS
from fugong.premises.queries import Person
from fugong.premises.services import Entry

WELL, UNWELL, ABSENT = "well", "unwell", "absent"


@dataclass(slots=True)
class Answer:
    """What was said of one person; ``error`` in the page's language."""

    state: str = UNWELL
    celsius_text: str = ""
    celsius: float | None = None
    symptoms: tuple[str, ...] = ()
    fever_reducers: bool | None = None
    improving: bool | None = None
    corrects: UUID | None = None
    error: str = ""


@dataclass(slots=True)
class Line:
    """A person of the list; ``answer`` where they aren't simply well; ``ticked`` where they were ticked as well."""

    person: Person
    answer: Answer | None = None
    ticked: bool = False

    @property
    def open(self) -> bool:
        """Whether the person is still to be registered by this list (or was unticked before somebody else did it)."""
        return self.person.registered is None or (self.answer is not None and self.answer.corrects is None)

    @property
    def away(self) -> bool:
        """Whether the person is not back yet: registered only where somebody says so of them alone."""
        return self.person.away and self.open


@dataclass(slots=True)
class Sheet:
    """A list as it was filled in."""

    batch: UUID
    lines: list[Line]
    entries: list[Entry] = field(default_factory=list)
    errors: int = 0


def sheet(post: QueryDict, people: Sequence[Person]) -> Sheet:
    """Read the list that was filed: everybody listed and ticked is well, the others as their lines say.

    Who isn't listed (being registered already, or away) is left alone, unless their line says something.
    """
    listed, well = set(post.get("listed", "").split(",")), set(post.getlist("well"))
    result = Sheet(identifier(post.get("batch")), [])
    for person in people:
        key = str(person.id)
        line = Line(person, ticked=key in well)
        result.lines.append(line)
        if f"corrects-{key}" in post:
            line.answer = answer(post, f"-{key}", default=WELL)
            line.answer.corrects = identifier(post.get(f"corrects-{key}"))
        elif (key in listed and key not in well) or (key not in listed and f"state-{key}" in post):
            line.answer = answer(post, f"-{key}")
        elif key not in listed and not line.ticked:
            continue
        if line.answer is None:
            result.entries.append(Entry(person.id, well=True))
        elif line.answer.error:
            result.errors += 1
        elif line.answer.state != ABSENT:
            result.entries.append(entry(person.id, line.answer))
    return result


def entry(worker: UUID, said: Answer) -> Entry:
    """An answer as the services want it."""
    return Entry(
        worker, well=said.state == WELL, celsius=said.celsius, symptoms=said.symptoms,
        fever_reducers=said.fever_reducers, improving=said.improving, corrects=said.corrects,
    )  # fmt: skip


def answer(post: QueryDict, suffix: str = "", default: str = UNWELL) -> Answer:
    """What a form says of one person; the names of its fields end in ``suffix``."""
    state = post.get(f"state{suffix}", default)
    if state == ABSENT:
        return Answer(ABSENT)
    text = decimal(post.get(f"celsius{suffix}", ""))
    symptoms = tuple(name for name in post.getlist(f"symptom{suffix}") if name in SYMPTOMS)
    said = Answer(state if state in (WELL, UNWELL) else default, text, symptoms=symptoms)
    said.fever_reducers = True if f"fever_reducers{suffix}" in post else None
    said.improving = True if f"improving{suffix}" in post else None
    if said.state == WELL:
        said.symptoms = ()
    if text:
        try:
            said.celsius = float(text)
        except ValueError:
            said.error = _("“%(value)s” is no temperature. Type it as in 36.7.") % {"value": text}
        else:
            said.error = "" if 25 <= said.celsius <= 45 else _(
                "%(value)s ℃ cannot be: a body temperature lies between 25 and 45. Type it with its point: 36.7."
            ) % {"value": text}  # fmt: skip
    return said


def own_answer(post: QueryDict) -> Answer:
    """What a worker says of themselves."""
    said = answer(post)
    if post.get("state") not in (WELL, UNWELL):
        said.error = said.error or _("Say whether you feel well.")
    return said
