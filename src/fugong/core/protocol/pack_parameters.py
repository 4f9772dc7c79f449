"""A pack's parameters, and its values with the parameters that they name filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NoReturn

from fugong.core.protocol import pack_format as form
from fugong.core.protocol.pack_errors import PackError, unknown
from fugong.core.protocol.pack_model import (
    Parameter,
)
from fugong.core.protocol.pack_validate import validated
from fugong.core.protocol.pack_yaml import Document, Path
from fugong.core.text import Text

_LENGTH = re.compile(r"(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
Wanted = Literal["number", "whole", "length", "time_of_day", "any"]
_WANTED: dict[Wanted, Text] = {
    "number": Text("数字参数", "a parameter that is a number"),
    "whole": Text("整数参数", "a parameter that is a whole number"),
    "length": Text("单位为 s、m、h 或 d 的参数", "a parameter in s, m, h or d"),
    "time_of_day": Text("单位为 time_of_day 的参数", "a parameter that is a time_of_day"),
    "any": Text("参数", "parameter"),
}


class Filled:
    """The values of a pack; every method that looks something up knows the path of what it looks at."""

    def __init__(self, document: Document, parameters: Mapping[str, Any]) -> None:
        self.document = document
        self.spec = validated(document)
        self.overrides = dict(parameters)
        self.parameters = self._parameters()

    def _fail(self, code: str, zh: str, en: str, *path: str | int, key: bool = False) -> NoReturn:
        place = self.document.place(path, key=key)
        raise PackError(code, Text(zh, en), name=self.document.name, line=place.line, column=place.column)

    def _known(self, name: str, known: Iterable[str], what: Text, path: Path, key: bool = False) -> str:
        names = list(known)
        if name not in names:
            place = self.document.place(path, key=key)
            raise unknown(what, name, names).at(self.document.name, place.line, place.column)
        return name

    def _parameters(self) -> dict[str, Parameter]:
        for name in self.overrides:
            self._known(name, self.spec.parameters, Text("参数", "parameter"), ("parameters",))
        result = {}
        for name, spec in self.spec.parameters.items():
            value = self.overrides.get(name, spec.value)
            choices = None if spec.choices is None else tuple(spec.choices)
            self._check_parameter(name, spec.unit, value, choices)
            result[name] = Parameter(value, spec.unit, text_of(spec.title), spec.source, choices)
        return result

    def _check_parameter(self, name: str, unit: str, value: Any, choices: tuple[str, ...] | None) -> None:
        path = ("parameters", name, "value")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if unit == "choice":
            if choices is None:
                self._fail(
                    "missing_key", "单位为 choice 的参数须列出 choices。", "a choice needs its choices.", *path[:2]
                )
            self._known(value, choices, Text("选项", "choice"), path)
        elif unit == "time_of_day":
            if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", str(value)):
                self._fail("wrong_form", "应为 10:00 这样的时刻。", "expected a time of day such as 10:00.", *path)
        elif not number or value < 0:
            self._fail("wrong_type", "应为不小于零的数字。", "expected a number that isn't negative.", *path)
        elif unit in ("days", "count", "minutes") and not isinstance(value, int):
            self._fail("wrong_type", "应为整数。", "expected a whole number.", *path)

    def _value(self, value: Any, wanted: Wanted, *path: str | int) -> Any:
        """``value``, or what the parameter that it names holds, checked for what is wanted."""
        if not (isinstance(value, str) and value.startswith("$")):
            return value
        name = self._known(value[1:], self.parameters, Text("参数", "parameter"), path)
        parameter = self.parameters[name]
        held = parameter.value
        fits = {
            "number": isinstance(held, int | float) and parameter.unit not in _SECONDS,
            "whole": isinstance(held, int) and parameter.unit in ("days", "count", "minutes"),
            "length": parameter.seconds is not None,
            "time_of_day": parameter.unit == "time_of_day",
            "any": True,
        }[wanted]
        if not fits:
            zh, en = _WANTED[wanted].zh, _WANTED[wanted].en
            self._fail("wrong_parameter", f"{value} 不行，应为{zh}。", f"{value}: expected {en}.", *path)
        return parameter.seconds if wanted == "length" else held

    def _length(self, text: str, *path: str | int) -> int | None:
        value = self._value(text, "length", *path)
        if value == "inf":
            return None
        return value if isinstance(value, int) else sum(int(n) * _SECONDS[u] for n, u in _LENGTH.findall(value))


def text_of(words: form.Words) -> Text:
    """Words of a pack."""
    return Text(words.zh, words.en)
