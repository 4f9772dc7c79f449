"""From the values of a pack's YAML to a :class:`Pack`: parameters filled in, names looked up, formulas parsed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from fugong.core.protocol import pack_format as form
from fugong.core.protocol.door import MOST_BITS, bits
from fugong.core.protocol.formula import Constant, Formula
from fugong.core.protocol.operations import Operations
from fugong.core.protocol.pack_errors import PackError, from_formula, nearest
from fugong.core.protocol.pack_model import (
    After,
    Bound,
    Colour,
    Condition,
    DoorRules,
    Local,
    Pack,
    Requirement,
    Rule,
    Source,
    Through,
    Unless,
    every,
)
from fugong.core.protocol.pack_parameters import Filled, Wanted, text_of
from fugong.core.protocol.pack_yaml import Document, Path
from fugong.core.protocol.parsing import FormulaError, parse
from fugong.core.protocol.vocabulary import VOCABULARY
from fugong.core.text import Text

_NAMED = re.compile(r"\$[a-z][a-z0-9_]*")


class Builder(Filled):
    """Builds one pack."""

    def __init__(self, document: Document, parameters: Mapping[str, Any]) -> None:
        super().__init__(document, parameters)
        self.zone = self._zone()
        self.lengths = {name: p.seconds for name, p in self.parameters.items() if p.seconds is not None}
        self.kinds = self._kinds()

    def pack(self) -> Pack:
        """The pack. Raises PackError for the first thing that is wrong."""
        spec = self.spec
        requirements = {name: self._requirement(name, r) for name, r in spec.requirements.items()}
        permissions: dict[str, tuple[str, ...]] = {
            permission: tuple(
                self._known(name, requirements, Text("要求", "requirement"), ("permissions", permission, i))
                for i, name in enumerate(names)
            )
            for permission, names in spec.permissions.items()
        }
        pack = Pack(
            id=spec.pack, version=spec.version, title=text_of(spec.title), issuer=text_of(spec.issuer),
            in_force=self._in_force(), timezone=spec.timezone,
            sources=tuple(_source(source) for source in spec.sources),
            parameters=self.parameters, facts=dict(spec.facts), kinds=self.kinds,
            derivations={name: self._rules(name, rules) for name, rules in spec.derivations.items()},
            requirements=requirements, permissions=permissions, door=self._door(),
            operations=self._operations(), colours=(),
            text=self.document.text, digest=self._digest(), name=self.document.name,
        )  # fmt: skip
        self._check_facts(pack)
        for permission in permissions:
            if bits(pack, permission) > MOST_BITS:
                zh = f"至多 {MOST_BITS} 项，现场可办的每项算两项。"
                en = f"at most {MOST_BITS} requirements, each on-the-spot one counted twice."
                self._fail("too_many", zh, en, "permissions", permission, key=True)
        colours = tuple(self._colour(pack, i) for i in range(len(spec.colours)))
        return replace(pack, colours=colours)

    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.spec.timezone)
        except (KeyError, ValueError, OSError):
            self._fail(
                "unknown_timezone",
                f"没有名为“{self.spec.timezone}”的时区，应如 Asia/Shanghai。",
                f"there is no time zone “{self.spec.timezone}”; expected a name such as Asia/Shanghai.",
                "timezone",
            )

    def _in_force(self) -> tuple[int, int | None]:
        start, end = (self._moment(text) for text in (self.spec.in_force.from_, self.spec.in_force.to))
        assert start is not None
        if end is not None and end <= start:
            self._fail("empty_interval", "结束须晚于开始。", "the end must come after the beginning.", "in_force", "to")
        return start, end

    def _moment(self, text: str | None) -> int | None:
        if text is None:
            return None
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        return int(local.astimezone(UTC).timestamp())

    def _kinds(self) -> dict[str, Text]:
        result = {}
        for name in self.spec.kinds:
            self._known(name, self.spec.derivations, Text("派生类别", "derived kind"), ("kinds", name), key=True)
        for name in self.spec.derivations:
            if name in self.spec.kinds:
                result[name] = text_of(self.spec.kinds[name])
            elif name in VOCABULARY:
                result[name] = VOCABULARY[name].title
            else:
                place = self.document.place(("derivations", name), key=True)
                raise PackError(
                    "no_title",
                    Text(f"“{name}”不在词汇表里，请在 kinds 中给出名称。",
                         f"“{name}” isn't in the vocabulary: give it a title under kinds."),
                    name=self.document.name, line=place.line, column=place.column,
                    near=nearest(name, VOCABULARY),
                )  # fmt: skip
        return result

    def _check_facts(self, pack: Pack) -> None:
        linked = {link.of for link in pack.links}
        for name in pack.facts:
            if name not in pack.own_kinds | linked:
                self._fail(
                    "unread", f"没有派生用到“{name}”。", f"no derivation reads “{name}”.", "facts", name, key=True
                )

    # values, with parameters filled in ------------------------------------------------------------------------------

    def _bound(self, spec: form.AfterSpec | form.LocalSpec | None, *path: str | int) -> Bound | None:
        if spec is None:
            return None
        if isinstance(spec, form.AfterSpec):
            return After(self._length(spec.after, *path, "after"))
        if (spec.day is None) == (spec.after_day is None):
            self._fail(
                "wrong_together", "day 和 after_day 须写且只写一个。", "expected either day or after_day.", *path
            )
        hour, minute = self._value(spec.at, "time_of_day", *path, "at").split(":")
        day = self._value(spec.day, "whole", *path, "day")
        after = self._value(spec.after_day, "whole", *path, "after_day")
        return Local(day if after is None else after + 1, int(hour) * 3_600 + int(minute) * 60)

    # derivations ----------------------------------------------------------------------------------------------------

    def _rules(self, kind: str, rules: list[form.RuleSpec]) -> tuple[Rule, ...]:
        return tuple(self._rule(rule, "derivations", kind, i) for i, rule in enumerate(rules))

    def _fact(self, name: str, *path: str | int) -> str:
        return self._known(name, self.spec.facts, Text("事实（见 facts）", "fact (under facts)"), path)

    def _rule(self, spec: form.RuleSpec, *path: str | int) -> Rule:
        begin = finish = None
        if isinstance(spec.holds, form.HoldsSpec):
            begin, finish = self._holds(spec.holds, *path, "holds")
        place = self.document.place((*path, "from"))
        clock = self._value(spec.clock or "start", "any", *path, "clock")
        self._check_rule(spec, clock, path)
        return Rule(
            raw=self._fact(spec.from_, *path, "from"),
            where=self._conditions(spec.where, *path, "where"),
            clock=clock,
            extent="own" if isinstance(spec.holds, form.HoldsSpec) else spec.holds,
            begin=begin,
            finish=finish,
            through=None if spec.through is None else self._through(spec.through, *path, "through"),
            unless=None if spec.unless is None else self._unless(spec.unless, *path, "unless"),
            line=place.line,
            column=place.column,
        )

    def _through(self, spec: form.ThroughSpec, *path: str | int) -> Through:
        where = self._conditions(spec.where, *path, "where")
        return Through(self._fact(spec.kind, *path, "kind"), spec.field, spec.enclosing, where)

    def _unless(self, spec: form.UnlessSpec, *path: str | int) -> Unless:
        kind = self._fact(spec.kind, *path, "kind")
        after, until = (self._value(getattr(spec, key), "any", *path, key) for key in ("after", "until"))
        return Unless(kind, after, until)

    def _check_rule(self, spec: form.RuleSpec, clock: str, path: Path) -> None:
        def fail(key: str, zh: str, en: str) -> NoReturn:
            self._fail("wrong_together", zh, en, *path, key, key=True)

        if spec.holds == "latest" and (spec.through or clock != "start"):
            fail("holds", "latest 不能与 through 或 clock 同用。", "latest goes with neither through nor clock.")
        if spec.through and spec.unless:
            fail("unless", "unless 不能与 through 同用。", "unless does not go with through.")
        if spec.through and clock not in ("start", "end"):
            fail("clock", "用 through 时 clock 只能是 start 或 end。", "with through, clock is start or end.")

    def _holds(self, spec: form.HoldsSpec, *path: str | int) -> tuple[Bound | None, Bound | None]:
        if spec.for_ is not None and spec.until is not None:
            self._fail(
                "wrong_together", "for 和 until 只能用一个。", "either for or until, not both.", *path, "for", key=True
            )
        begin, finish = self._bound(spec.from_, *path, "from"), self._bound(spec.until, *path, "until")
        if spec.for_ is not None:
            finish = After(self._length(spec.for_, *path, "for"))
        if begin is None and finish is None:
            self._fail("empty", "应写 from、until 或 for。", "expected from, until or for.", *path)
        return begin, finish

    def _conditions(self, where: Mapping[str, Any], *path: str | int) -> tuple[Condition, ...]:
        result = []
        for name, spec in where.items():
            if not isinstance(spec, form.ConditionSpec):
                result.append(Condition(name, "equals", self._value(spec, "any", *path, name)))
                continue
            found = {k: v for k, v in spec.model_dump(exclude_unset=True).items() if v is not None}
            if not found:
                self._fail("empty", "应写一个条件，如 equals。", "expected a condition such as equals.", *path, name)
            for operator, value in found.items():
                result.append(self._condition(name, operator, value, *path, name, operator))
        return tuple(result)

    def _condition(self, name: str, operator: Any, value: Any, *path: str | int) -> Condition:
        if operator == "one_of":
            return Condition(name, operator, tuple(self._value(v, "any", *path, i) for i, v in enumerate(value)))
        wanted: Wanted = "number" if operator in ("at_least", "at_most", "above", "below") else "any"
        return Condition(name, operator, self._value(value, wanted, *path))

    # formulas -------------------------------------------------------------------------------------------------------

    def _formula(self, text: str, *path: str | int) -> Formula:
        try:
            return parse(text, kinds=self.kinds, parameters=self.lengths)
        except FormulaError as error:
            line, column = self.document.inside(path, error.line, error.column)
            raise from_formula(error).at(self.document.name, line, column) from None

    def _requirement(self, name: str, spec: form.RequirementSpec) -> Requirement:
        path = ("requirements", name)
        return Requirement(
            name=name,
            formula=self._formula(spec.formula, *path, "formula"),
            binds=Constant(True) if spec.binds is None else self._formula(spec.binds, *path, "binds"),
            title=self._words(spec.title, *path, "title"),
            message=self._words(spec.message, *path, "message"),
            remedy=self._words(spec.remedy, *path, "remedy"),
            door_message=self._words(spec.door_message, *path, "door_message"),
            on_the_spot=spec.on_the_spot,
        )

    def _words(self, words: form.Words, *path: str | int) -> Text:
        """The sentence with each ``$name`` replaced by the parameter's value, so that it follows when that changes."""

        def filled(language: str, text: str) -> str:
            return _NAMED.sub(lambda found: str(self._value(found[0], "any", *path, language)), text)

        return Text(filled("zh", words.zh), filled("en", words.en))

    def _door(self) -> DoorRules:
        door = self.spec.door
        limit = self._value(door.fever_limit, "number", "door", "fever_limit")
        second, warning, most = (
            self._value(getattr(door, name), "whole", "door", name)
            for name in ("second_measurement_minutes", "stale_warning_minutes", "stale_limit_minutes")
        )
        method = None if door.second_method is None else self._words(door.second_method, "door", "second_method")
        return DoorRules(
            fever_limit=None if limit is None else float(limit), mask=door.mask, gloves=door.gloves,
            second_measurement_minutes=second, stale_warning_minutes=warning, stale_limit_minutes=most,
            plausible=self._plausible(), second_method=method,
        )  # fmt: skip

    def _plausible(self) -> tuple[float, float]:
        spec, path = self.spec.door.plausible, ("door", "plausible")
        low = float(self._value(spec.from_, "number", *path, "from"))
        high = float(self._value(spec.to, "number", *path, "to"))
        if low >= high:
            self._fail("empty_interval", "to 须大于 from。", "“to” must be more than “from”.", *path)
        return low, high

    def _operations(self) -> Operations:
        for i, formula in enumerate(self.spec.operations.sampling.single_only):
            self._formula(formula, "operations", "sampling", "single_only", i)
        return self.spec.operations

    def _colour(self, pack: Pack, i: int) -> Colour:
        spec, last = self.spec.colours[i], i == len(self.spec.colours) - 1
        given = sum(said is not None for said in (spec.formula, spec.permission, spec.requirements))
        if given != (0 if last else 1):
            self._fail(
                "wrong_colour",
                "除最后一种颜色外，每种须写且只写 formula、permission、requirements 之一；最后一种都不写，归其余的人。",
                "each colour but the last has one of formula, permission and requirements; the last, for everybody "
                "else, has none.",
                "colours",
                i,
            )
        formula: Formula = Constant(True)
        if spec.formula is not None:
            formula = self._formula(spec.formula, "colours", i, "formula")
        if spec.permission is not None:
            self._known(spec.permission, pack.permissions, Text("许可", "permission"), ("colours", i, "permission"))
            formula = pack.permission_formula(spec.permission)
        if spec.requirements is not None:
            formula = every(self._required(pack, name, i, j) for j, name in enumerate(spec.requirements))
        return Colour(spec.name, text_of(spec.title), formula, spec.permission)

    def _required(self, pack: Pack, name: str, i: int, j: int) -> Formula:
        path = ("colours", i, "requirements", j)
        return pack.requirements[self._known(name, pack.requirements, Text("要求", "requirement"), path)].effective

    def _digest(self) -> str:
        extra = json.dumps(self.overrides, sort_keys=True, ensure_ascii=False) if self.overrides else ""
        return hashlib.sha256((self.document.text + extra).encode()).hexdigest()


def _source(spec: form.SourceSpec) -> Source:
    return Source(spec.title, spec.url, spec.date, spec.confidence, None if spec.note is None else text_of(spec.note))
