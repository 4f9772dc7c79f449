"""Reading a pack's YAML as plain values that remember where in the text they stand.

Only what a pack needs: mappings, lists, text, numbers, true, false and null. ``10:00``, ``2020-03-01`` and ``on`` are
text (YAML 1.1 would make them a number, a date and a truth value). Anchors, aliases and tags are refused: a pack is
read from top to bottom by people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from fugong.core.protocol.pack_errors import PackError
from fugong.core.text import Text

LONGEST = 200_000
"""Characters that a pack may have at most."""
DEEPEST = 20
"""How deep its mappings and lists may be nested."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the text: its first line and column (from 1), and the offsets where it begins and ends."""

    line: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """The values of a YAML text, and the place of every value and of every key by its path."""

    name: str
    text: str
    value: Any
    places: Mapping[Path, Place]
    keys: Mapping[Path, Place]

    def place(self, path: Path, key: bool = False) -> Place:
        """Where the value (or its key) at ``path`` stands, or the nearest thing around it that exists."""
        for length in range(len(path), -1, -1):
            here = path[:length]
            found = self.keys.get(here) if key and length == len(path) else None
            found = found or self.places.get(here)
            if found:
                return found
        return Place(1, 1, 0, 0)

    def inside(self, path: Path, line: int, column: int) -> tuple[int, int]:
        """Line and column in the text of what stands at (line, column) within the text value at ``path``.

        Quotes, indents and folded lines differ between a value and its YAML; what isn't blank comes in the same order.
        """
        place, value = self.place(path), self._value(path)
        before = "\n".join([*value.split("\n")[: line - 1], value.split("\n")[line - 1][: column - 1]])
        skip = sum(not c.isspace() for c in before)
        raw = self.text[place.start : place.end]
        header = re.match(r"[|>][-+0-9]*[^\n]*\n|['\"]?", raw)
        marks = [i for i in range(header.end() if header else 0, len(raw)) if not raw[i].isspace()]
        offset = place.start + (marks[min(skip, len(marks) - 1)] if marks else 0)
        return self.text.count("\n", 0, offset) + 1, offset - (self.text.rfind("\n", 0, offset) + 1) + 1

    def _value(self, path: Path) -> str:
        value = self.value
        for step in path:
            value = value[step]
        return str(value)


class _Loader(yaml.SafeLoader):
    """YAML with the few plain scalars that the module's docstring names."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|)$"), ["n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})$"), list("-0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}$"), list("-0123456789")
)

_SCALARS: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:null": lambda text: None,
}


def read(text: str, name: str) -> Document:
    """The document that ``text`` holds. Raises PackError where it isn't YAML of the kind described above."""
    if len(text) > LONGEST:
        raise PackError("too_long", Text(f"超过 {LONGEST} 个字符。", f"longer than {LONGEST} characters."), name=name)
    try:
        _refuse(text, name)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "?"
        raise PackError(
            "not_yaml",
            Text("此处不是有效的 YAML。请检查缩进、引号、括号和冒号。", f"not valid YAML: {problem}."),
            name=name,
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise PackError(
            "not_yaml", Text("不是有效的 YAML 文本。", f"not valid YAML ({type(error).__name__})."), name=name
        ) from None
    places: dict[Path, Place] = {}
    keys: dict[Path, Place] = {}
    value = None if root is None else _build(root, (), places, keys, name)
    return Document(name, text, value, places, keys)


def _refuse(text: str, name: str) -> None:
    """Refuse what is shared (a pack of pointers can be short and yet endless) and what is nested beyond all reading."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        mark = event.start_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if getattr(event, "anchor", None):
            what = Text(
                "不能用锚点（&）和别名（*），请写全。", "anchors (&) and aliases (*) cannot be used: write it out."
            )
            raise PackError("no_anchors", what, name=name, line=line, column=column)
        if depth > DEEPEST:
            what = Text(f"嵌套超过 {DEEPEST} 层。", f"nested more than {DEEPEST} deep.")
            raise PackError("too_deep", what, name=name, line=line, column=column)


def _place(node: yaml.Node) -> Place:
    start, end = node.start_mark, node.end_mark
    return Place(start.line + 1, start.column + 1, start.index, end.index)


def _build(node: yaml.Node, path: Path, places: dict[Path, Place], keys: dict[Path, Place], name: str) -> Any:
    places[path] = _place(node)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, places, keys, name)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, i), places, keys, name) for i, child in enumerate(node.value)]
    if node.tag not in _SCALARS:
        raise _at(node, name, "wrong_tag", Text(f"不能用标签 {node.tag}。", f"the tag {node.tag} is not allowed."))
    return _SCALARS[node.tag](node.value)


def _mapping(
    node: yaml.MappingNode, path: Path, places: dict[Path, Place], keys: dict[Path, Place], name: str
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, child in node.value:
        if not isinstance(key, yaml.ScalarNode) or not key.value:
            raise _at(key, name, "wrong_key", Text("键应为文字。", "a key must be text."))
        if key.value in result:
            raise _at(key, name, "twice", Text(f"“{key.value}”重复出现。", f"“{key.value}” stands here twice."))
        here = (*path, key.value)
        keys[here] = _place(key)
        result[key.value] = _build(child, here, places, keys, name)
    return result


def _at(node: yaml.Node, name: str, code: str, what: Text) -> PackError:
    place = _place(node)
    return PackError(code, what, name=name, line=place.line, column=place.column)
