"""What is wrong with a protocol pack, where, and what was expected: in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from fugong.core.protocol import parsing
from fugong.core.text import CoreError, Text


class PackError(CoreError):
    """A pack that cannot be used. ``line`` and ``column`` count from 1; ``near`` holds the nearest known names."""

    def __init__(
        self, code: str, what: Text, *, name: str = "pack", line: int = 1, column: int = 1, near: Sequence[str] = ()
    ) -> None:
        self.code, self.what, self.name, self.line, self.column = code, what, name, line, column
        self.near = tuple(near)
        hint = Text(
            f"相近的有：{'、'.join(near)}。" if near else "",
            f" Nearest known: {', '.join(near)}." if near else "",
        )
        super().__init__(
            f"{name} 第 {line} 行第 {column} 列：{what.zh}{hint.zh}",
            f"{name}, line {line}, column {column}: {what.en}{hint.en}",
        )

    def at(self, name: str, line: int, column: int) -> PackError:
        """The same error at another place."""
        return PackError(self.code, self.what, name=name, line=line, column=column, near=self.near)


def nearest(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three of the known names that look most like ``word``; all of them when there are only five."""
    names = sorted(known)
    return tuple(parsing.nearest(word, names)) or tuple(names if len(names) <= 5 else ())


def unknown(what: Text, word: object, known: Iterable[str]) -> PackError:
    """An error for a name that nobody knows. ``what`` says what kind of name it is."""
    return PackError(
        "unknown_name",
        Text(f"没有名为“{word}”的{what.zh}。", f"there is no {what.en} called “{word}”."),
        near=nearest(str(word), known),
    )


_EXPECTED = {
    "int_type": Text("应为整数。", "expected a whole number."),
    "float_type": Text("应为数字。", "expected a number."),
    "string_type": Text("应为文字。", "expected text."),
    "bool_type": Text("应为 true 或 false。", "expected true or false."),
    "dict_type": Text("应为“键: 值”的映射。", "expected a mapping of keys to values."),
    "model_type": Text("应为“键: 值”的映射。", "expected a mapping of keys to values."),
    "model_attributes_type": Text("应为“键: 值”的映射。", "expected a mapping of keys to values."),
    "tuple_type": Text("应为列表。", "expected a list."),
    "list_type": Text("应为列表。", "expected a list."),
    "finite_number": Text("应为有限的数字。", "expected a finite number."),
}


def from_formula(error: parsing.FormulaError) -> PackError:
    """The error for a wrong formula, without its place within the formula."""
    zh, en = error.problem.zh, error.problem.en
    if error.expected:
        zh += "；此处应为" + "、".join(text.zh for text in error.expected)
        en += "; expected " + ", ".join(text.en for text in error.expected)
    return PackError("wrong_formula", Text(f"公式有误：{zh}。", f"wrong formula: {en}."), near=error.suggestions)


_SIGNS = {
    "greater_than_equal": ("ge", "≥"),
    "greater_than": ("gt", ">"),
    "less_than_equal": ("le", "≤"),
    "less_than": ("lt", "<"),
}


def from_validation(kind: str, context: dict[str, Any], value: object, key: str, keys: Iterable[str]) -> PackError:
    """The error for one of pydantic's findings (its type, context and input) about the value at ``key``.

    ``keys`` are the keys that may stand beside it.
    """
    shown = str(value) if len(str(value)) <= 60 else str(value)[:57] + "..."
    near: Sequence[str] = ()
    match kind:
        case "missing":
            code, zh, en = "missing_key", f"缺少“{key}”。", f"“{key}” is missing here."
        case "extra_forbidden":
            return unknown(Text("键", "key"), key, keys)
        case "literal_error":
            choices = re.findall(r"'([^']*)'", str(context["expected"]))
            code, en = "wrong_value", f"“{shown}” cannot stand here; expected one of {', '.join(choices)}."
            return PackError(
                code, Text(f"“{shown}”不行，应为 {'、'.join(choices)} 之一。", en), near=nearest(shown, choices)
            )
        case "pattern":
            form: Text = context["form"]
            code, zh, en = "wrong_form", f"“{shown}”写法不对，应为：{form.zh}。", f"“{shown}”: expected {form.en}."
        case "too_short" | "string_too_short":
            code, zh, en = "empty", "这里不能为空。", "this must not be empty."
        case _ if kind in _SIGNS:
            name, sign = _SIGNS[kind]
            code, bound = "out_of_range", f"{sign} {context[name]}"
            zh, en = f"{shown} 超出范围，应 {bound}。", f"{shown} is out of range: expected {bound}."
        case _:
            expected = _EXPECTED.get(kind, Text("不合要求。", "something else is expected."))
            code, zh, en = "wrong_type", f"“{shown}”不行，{expected.zh}", f"“{shown}” cannot stand here: {expected.en}"
    return PackError(code, Text(zh, en), near=near)
