"""Finding the header of each sheet, and which of its columns is which field of ours.

A header may stand below any number of title rows, span two rows, be merged, numbered, starred, bracketed, bilingual
or broken into lines. A column is taken for a field when its name is one of the field's names, or ends with one
(in Chinese the head of a compound stands last: 员工身份证号码), unless it speaks of somebody else (紧急联系人电话).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.translation import get_language

from fugong.base.characters import fold
from fugong.base.tables.model import Cell, Layout, Override, Sheet, Spec, TableError

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>")
_NUMBERING = re.compile(r"^(?:\d{1,2}|[a-z])[.,)]+(?=\D)")
_NOISE = re.compile(r"[\s*:#&_'\"★☆※●○▲△◆◇→↓]+|[.,!?;]+$")
_PARTS = re.compile(r"[/,|\\+]|或者?|及|和")
_LATIN = re.compile(r"[a-z][a-z .-]*")
_SOMETHING_ELSE = re.compile(
    "紧急|家属|家人|成员|亲属|配偶|父|母|子女|同住|监护|担保|介绍人|联系人|负责人|主任|组长|班长|经理|领导|法人|法定|房东|网格|填表|审核"
    "|单位|企业|公司|是否|有无|预计|计划|拟|后|末|尾|emergency|contactperson|nextofkin|company|employer|father|mother"
    "|spouse|relative|manager|supervisor|expected|planned"
).search
"""Finds what makes a header speak of somebody else, of a plan, a question or a part, unless it is a field's name."""
_FOR_READING = re.compile(
    r"说明|示例|样例|范例|样表|须知|字典|下拉|example|sample|instruction|how to|readme", re.IGNORECASE
)
_EXACT, _PART, _TAIL = 3, 2, 1
_HEADER_DEPTH = 1_000
_LOOK_FURTHER = 3
_SHOWN = 8

Match = tuple[str, int, int]
"""A field, how well the header fits it, and the rank of the name that fits (0 is the field's best name)."""


def recognise(sheets: Sequence[Sheet], spec: Spec, overrides: Mapping[str, Override] | None = None) -> list[Layout]:
    """The layout of each sheet, in their order. Never raises: a sheet that is no such list says so in `ignored`."""
    names = names_of(spec)
    return [_recognise(sheet, spec, names, (overrides or {}).get(sheet.name, Override())) for sheet in sheets]


def require(layouts: Sequence[Layout], spec: Spec) -> None:
    """`TableError` when no sheet can be used, naming what the most promising one lacks."""
    if any(not layout.ignored and not layout.missing for layout in layouts):
        return
    partial = [layout for layout in layouts if layout.mapping and layout.missing]
    if partial:
        best = min(partial, key=lambda layout: len(layout.missing))
        raise TableError("table.columns_missing", sheet=best.sheet, missing=Titles(spec, best.missing))
    required = tuple(column.name for column in spec.columns if column.required)
    first = tuple(
        column.name for column in spec.columns[:_SHOWN]
    )  # a list may require one of several columns, and none
    raise TableError("table.no_header", wanted=Titles(spec, required or first))


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of some fields, joined, in whichever language is in force when they are shown."""

    spec: Spec
    fields: tuple[str, ...]

    def __str__(self) -> str:
        comma = "、" if (get_language() or "").startswith("zh") else ", "
        return comma.join(str(self.spec.column(name).title) for name in self.fields)

    def __hash__(self) -> int:
        return hash(self.fields)


def header_key(text: str) -> str:
    """A header without what people decorate it with: brackets, stars, numbering, spaces, line breaks, case."""
    folded = fold(text).lower()
    bare = _NOISE.sub("", _NUMBERING.sub("", _BRACKETS.sub("", folded)))
    return bare or _NOISE.sub("", re.sub(r"[()\[\]{}<>]", "", folded))


class _Names:
    """Every name of every field, ready to look up."""

    def __init__(self, spec: Spec) -> None:
        self.exact: dict[str, tuple[str, int]] = {}
        for column in spec.columns:
            for rank, name in enumerate(column.headers):
                self.exact.setdefault(header_key(name), (column.name, rank))
        self.tails = sorted((name for name in self.exact if len(name) >= 2), key=len, reverse=True)
        self._known: dict[str, Match | None] = {}

    def match(self, text: str) -> Match | None:
        """The field that a header names, if it names one."""
        if text not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[text] = self._match(text)
        return self._known[text]

    def _match(self, text: str) -> Match | None:
        key = header_key(text)
        if not key or len(key) > 40:
            return None
        if key in self.exact:
            return (self.exact[key][0], _EXACT, self.exact[key][1])
        return self._match_part(text, key) or self._match_tail(key)

    def _match_part(self, text: str, key: str) -> Match | None:
        latin = "".join(_LATIN.findall(key)).replace(" ", "")
        bracketed = [header_key(part[1:-1]) for part in _BRACKETS.findall(fold(text).lower())]
        pieces = [*_PARTS.split(key), _LATIN.sub("", key), latin, *bracketed]
        fields = [self.exact[piece] for piece in pieces if piece in self.exact]
        if not fields or _SOMETHING_ELSE(key):
            return None
        return (fields[0][0], _PART, fields[0][1])

    def _match_tail(self, key: str) -> Match | None:
        if _SOMETHING_ELSE(key):
            return None
        for name in self.tails:
            if key.endswith(name) or (len(name) >= 4 and key.startswith(name)):
                return (self.exact[name][0], _TAIL, self.exact[name][1])
        return None


@lru_cache(maxsize=64)
def names_of(spec: Spec) -> _Names:
    """The names of a list's fields, ready to look up."""
    return _Names(spec)


def _recognise(sheet: Sheet, spec: Spec, names: _Names, said: Override) -> Layout:
    if said.use is False:
        return _nothing(sheet, "sheet.not_chosen")
    if not any(any(not _is_blank(cell) for cell in row) for row in sheet.rows):
        return _nothing(sheet, "sheet.blank")
    layout = _find(sheet, spec, names) if said.header_row is None else _given(sheet, names, said.header_row)
    layout = _apply(layout, said)
    taken = set(layout.mapping.values())
    missing = tuple(column.name for column in spec.columns if column.required and column.name not in taken)
    layout = replace(layout, missing=missing)
    why = _why_not(sheet, layout, spec, chosen=said.use is True)
    return layout if why is None else layout.ignore(why)


def _why_not(sheet: Sheet, layout: Layout, spec: Spec, *, chosen: bool) -> TableError | None:
    """Why a sheet takes no part, or None where it does (one that lacks a column does while it seems to hold data)."""
    if sheet.hidden and not chosen:
        return TableError("sheet.hidden")
    if _FOR_READING.search(fold(sheet.name)) and not chosen:
        return TableError("sheet.explanation")
    if layout.missing and not any(shaped(row, spec) for row in sheet.rows):
        if not layout.mapping:
            return TableError("sheet.no_header")
        return TableError("sheet.columns_missing", missing=Titles(spec, layout.missing))
    if not layout.mapping and not layout.missing:
        return TableError("sheet.no_header")
    return None


def _nothing(sheet: Sheet, code: str) -> Layout:
    return Layout(sheet.name, 0, -1, (), {}, (), TableError(code))


def _apply(layout: Layout, said: Override) -> Layout:
    if not said.mapping:
        return layout
    chosen = {name for name in said.mapping.values() if name}
    kept = {index: name for index, name in layout.mapping.items() if index not in said.mapping and name not in chosen}
    return replace(layout, mapping=dict(sorted((kept | {i: n for i, n in said.mapping.items() if n}).items())))


def _given(sheet: Sheet, names: _Names, header_row: int) -> Layout:
    if not 1 <= header_row <= len(sheet.rows):
        return Layout(sheet.name, 0, -1, (), {})
    texts = _texts(sheet.rows[header_row - 1])
    return Layout(sheet.name, header_row - 1, header_row - 1, texts, _assign([(text,) for text in texts], names))


def _find(sheet: Sheet, spec: Spec, names: _Names) -> Layout:
    """The best header among the first rows: most required fields, then most fields, then best fit; one row or two."""
    required = {column.name for column in spec.columns if column.required}
    enough = min(2, len(spec.columns))
    best = (0, 0)
    layout = Layout(sheet.name, 0, -1, (), {})
    stop = min(len(sheet.rows), _HEADER_DEPTH)
    row = -1
    while (row := row + 1) < stop:
        for found in _at(sheet, row, required, names, spec):
            fields = set(found.mapping.values())
            score = (len(fields & required), len(fields))
            if len(fields) >= enough and score > best:
                best, layout = score, found
                if score[0] == len(required):
                    stop = min(stop, row + 1 + _LOOK_FURTHER)
    return layout


def _at(sheet: Sheet, row: int, required: set[str], names: _Names, spec: Spec) -> Iterator[Layout]:
    """The header that one row makes, and the one that it makes with the next where that says more than each alone."""
    alone = [(text,) for text in _texts(sheet.rows[row])]
    mapping = _assign(alone, names)
    yield Layout(sheet.name, row, row, tuple(text for (text,) in alone), mapping)
    if _may_go_on(sheet, row, required, names, spec):
        after = _assign([(text,) for text in _texts(sheet.rows[row + 1])], names)
        both = _two_rows(sheet, row)
        together = _assign(both, names)
        if len(together) > max(len(mapping), len(after)):
            headers = tuple(texts[0] if texts else "" for texts in both)
            yield Layout(sheet.name, row, row + 1, headers, together)


def _may_go_on(sheet: Sheet, row: int, required: set[str], names: _Names, spec: Spec) -> bool:
    """Whether the row after this one may be the second row of a header, and is not already data."""
    if row + 1 >= len(sheet.rows):
        return False
    lower = sheet.rows[row + 1]
    if not all(cell is None or isinstance(cell, str) for cell in lower) or shaped(lower, spec):
        return False
    for above, below in zip(_texts(sheet.rows[row]), _texts(lower), strict=False):
        match = names.match(above) if above and below else None
        if match and match[0] in required and not names.match(below):
            return False
    return True


def _two_rows(sheet: Sheet, row: int) -> list[tuple[str, ...]]:
    """What each column may be called, best first: its own cell, with the group above it, the group alone."""
    upper = _texts(sheet.rows[row])
    lower = _texts(sheet.rows[row + 1])
    width = max(len(upper), len(lower))
    upper += ("",) * (width - len(upper))
    lower += ("",) * (width - len(lower))
    found: list[tuple[str, ...]] = []
    group = ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        if above and not below:
            group = ""
            found.append((above,))
        elif below:
            found.append((below, group + below, below + group) if group else (below,))
        else:
            found.append(())
    return found


def _texts(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(re.sub(r"\s+", " ", cell).strip() if isinstance(cell, str) else "" for cell in row)


def _assign(candidates: Sequence[tuple[str, ...]], names: _Names) -> dict[int, str]:
    """Each field to the column that fits it best (leftmost of equals); a column takes one field."""
    claims: list[tuple[int, int, int, int, str]] = []
    for index, texts in enumerate(candidates):
        for order, text in enumerate(texts):
            match = names.match(text) if text else None
            if match and (order == 0 or match[1] == _EXACT):
                claims.append((-match[1], match[2], order, index, match[0]))
    mapping: dict[int, str] = {}
    for _fit, _rank, _order, index, name in sorted(claims):
        if index not in mapping and name not in mapping.values():
            mapping[index] = name
    return dict(sorted(mapping.items()))


def shaped(row: Sequence[Cell], spec: Spec) -> bool:
    """Whether a row has a cell that can only be data of this list (e.g. an identity number)."""
    shapes = [column.shape for column in spec.columns if column.shape]
    return any(shape(cell) for cell in row if isinstance(cell, str) and cell for shape in shapes)


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
