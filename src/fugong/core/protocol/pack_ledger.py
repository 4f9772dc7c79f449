"""Does a pack read facts as the ledger keeps them? The ledger's kinds come as plain data: the core doesn't know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fugong.core.protocol.pack_errors import PackError, nearest, unknown
from fugong.core.protocol.pack_model import Condition, Pack, Rule, Shape
from fugong.core.text import Text

_SHAPES = {"event": "事件", "state": "状态"}
_MEASURES = ("number", "whole", "moment")


@dataclass(frozen=True, slots=True)
class RawField:
    """One value of a raw fact: its type's name, what may stand there (for a choice), and what it refers to."""

    type: str
    choices: tuple[str, ...] = ()
    refers_to: str | None = None


@dataclass(frozen=True, slots=True)
class RawKind:
    """A raw fact kind: about what subject, event or state, with which values."""

    subject: str
    shape: Shape
    fields: Mapping[str, RawField]


def against(pack: Pack, ledger: Mapping[str, RawKind]) -> None:
    """Raises PackError, at the rule's place, for the first derivation that the ledger's kinds don't fit."""
    for name, shape in pack.facts.items():
        if name not in ledger:
            raise unknown(Text("事实", "fact kind"), name, ledger).at(pack.name, *_line_of(pack, name))
        is_ = ledger[name].shape
        if is_ != shape:
            what = Text(f"“{name}”应为 {is_}（{_SHAPES[is_]}）。", f"“{name}”: expected {is_}.")
            raise PackError("wrong_shape", what).at(pack.name, *_line_of(pack, name))
    for rules in pack.derivations.values():
        for rule in rules:
            try:
                _check(rule, ledger)
            except PackError as error:
                raise error.at(pack.name, rule.line, rule.column) from None


def _line_of(pack: Pack, name: str) -> tuple[int, int]:
    """Where the pack first reads facts of that kind."""
    for rules in pack.derivations.values():
        for rule in rules:
            through, unless = rule.through, rule.unless
            if name in (rule.raw, through.kind if through else "", unless.kind if unless else ""):
                return rule.line, rule.column
    return 1, 1


def _check(rule: Rule, ledger: Mapping[str, RawKind]) -> None:
    kind = ledger[rule.raw]
    subject = "worker"
    if rule.through:
        linking = ledger[rule.through.kind]
        _subject(rule.through.kind, linking, "worker")
        field = _field(rule.through.kind, linking, rule.through.field)
        subject = "division" if field.type == "division" else field.refers_to or ""
        if rule.through.enclosing and subject != "division":
            raise PackError(
                "not_a_division",
                Text("enclosing 只用于行政区划字段。", "enclosing is for fields that hold a division."),
            )
        _conditions(rule.through.kind, linking, rule.through.where)
    _subject(rule.raw, kind, subject)
    _conditions(rule.raw, kind, rule.where)
    if rule.clock not in ("start", "end"):
        _moment(rule.raw, kind, rule.clock)
    if rule.unless:
        _subject(rule.unless.kind, ledger[rule.unless.kind], "worker")
        for name in (rule.unless.after, rule.unless.until):
            if name not in ("start", "end"):
                _moment(rule.raw, kind, name)


def _subject(name: str, kind: RawKind, wanted: str) -> None:
    if kind.subject != wanted:
        raise PackError(
            "wrong_subject",
            Text(f"“{name}”是关于 {kind.subject} 的事实，这里要的是关于 {wanted or '？'} 的。",
                 f"“{name}” is about a {kind.subject}; expected a fact about a {wanted or '?'}."),
        )  # fmt: skip


def _field(name: str, kind: RawKind, field: str) -> RawField:
    if field not in kind.fields:
        raise unknown(Text(f"“{name}”的值", f"value of “{name}”"), field, kind.fields)
    return kind.fields[field]


def _moment(name: str, kind: RawKind, field: str) -> None:
    found = kind.fields.get(field)
    if found is None or found.type != "moment":
        moments = [key for key, value in kind.fields.items() if value.type == "moment"] + ["start", "end"]
        raise unknown(Text(f"“{name}”的时刻", f"moment of “{name}”"), field, moments)


def _conditions(name: str, kind: RawKind, conditions: tuple[Condition, ...]) -> None:
    for condition in conditions:
        field = _field(name, kind, condition.field)
        said = f"{condition.operator}: {condition.value}"
        if not _fits(field, condition):
            raise PackError(
                "wrong_condition",
                Text(f"“{name}”的“{condition.field}”（{field.type}）不能有条件 {said}。",
                     f"“{condition.field}” of “{name}” ({field.type}) cannot have the condition {said}."),
                near=nearest(str(condition.value), field.choices) if field.choices else (),
            )  # fmt: skip


def _fits(field: RawField, condition: Condition) -> bool:
    match condition.operator:
        case "given":
            return True
        case "includes":
            return field.type == "list"
        case "equals":
            return _can_be(field, condition.value)
        case "one_of":
            return all(_can_be(field, value) for value in condition.value)
        case _:
            return field.type in _MEASURES


def _can_be(field: RawField, value: object) -> bool:
    if field.choices:
        return value in field.choices
    if field.type == "flag":
        return isinstance(value, bool)
    if field.type in _MEASURES:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return field.type != "list" and isinstance(value, str)
