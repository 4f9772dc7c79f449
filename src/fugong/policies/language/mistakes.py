"""What is wrong in a measure's YAML, in the reader's language: where, what, and what to write instead.

pydantic says only in English what it found; here each kind of finding that a measure can have has a sentence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from fugong.core.protocol.pack_errors import nearest
from fugong.core.protocol.pack_yaml import Document, Path

_SHOWN = 60


def first(document: Document, findings: list[Any], model: type[BaseModel]) -> tuple[int, str, str]:
    """The mistake to tell first: its line, which part of the measure it is in, and what is wrong there.

    A misspelt key is missing as well: the misspelling says more, so it goes first; then the one that stands higher up.
    """
    told = []
    for finding in findings:
        path = _named(document, finding) or _path(document.value, finding["loc"])
        place = document.place(path, key=finding["type"] == "extra_forbidden")
        told.append((finding["type"] == "missing", place.line, place.column, path, finding))
    _missing, line, _column, path, finding = min(told, key=lambda one: one[:3])
    return line, _where(document.value, path), said(finding, model)


def _path(value: Any, location: tuple[Any, ...]) -> Path:
    """Where a finding is: pydantic's path names branches of unions too, which the document doesn't have."""
    here: Path = ()
    for step in location:
        there = step in value if isinstance(value, dict) else isinstance(value, list) and isinstance(step, int)
        if there:
            here, value = (*here, step), value[step]
    return here


def _named(document: Document, finding: Mapping[str, Any]) -> Path:
    """Where the name stands that a finding about the whole measure speaks of: the last one of it."""
    name = (finding.get("ctx") or {}).get("name") if str(finding["type"]).startswith("measure_") else None
    found = [path for path in document.places if name is not None and _at(document.value, path) == name]
    found = [path for path in found if finding["type"] != "measure_twice" or path[-1] == "name"]
    whole: Path = ("status",) if str(finding["type"]).startswith("measure_") else ()
    return max(found, key=lambda path: document.place(path).start, default=whole)


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _where(value: Any, path: Path) -> str:
    """A path as people say it: of a list the name of its entry where it has one, else which one it is, counted from 1."""
    parts = []
    for step in path:
        value = value[step]
        if isinstance(step, int):
            name = value.get("name") or value.get("item") if isinstance(value, dict) else None
            parts.append(name if isinstance(name, str) else str(step + 1))
        else:
            parts.append(str(step))
    return ".".join(parts) or "YAML"


def said(finding: Mapping[str, Any], model: type[BaseModel]) -> str:
    """One finding of pydantic's in words."""
    context, kind = finding.get("ctx") or {}, finding["type"]
    key = str(finding["loc"][-1]) if finding["loc"] else ""
    named = re.findall(r"'([^']*)'", str(context.get("expected_tags") or context.get("expected")))
    near = [one for one in nearest(key, _keys(model)) if one != key] if kind == "extra_forbidden" else []
    given = {
        "key": str(context.get("discriminator", key)).strip("'"), "value": _short(context.get("tag", finding["input"])),
        "choices": _(", ").join(named), "near": _(", ").join(near), "most": context.get("max_length"),
        "form": _form(kind, str(context.get("pattern"))), "name": context.get("name"),
    }  # fmt: skip
    if near:
        kind = "extra_forbidden_near"
    if finding["input"] is None:  # a key without a value
        kind = "string_too_short"
    sentence = _SENTENCES.get(kind, _SENTENCES["another"])
    return str(sentence) % given


def _short(value: Any) -> str:
    """What stands there, as YAML has it."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _keys(model: type[BaseModel]) -> set[str]:
    """Every key that some part of a measure may have."""
    found: set[str] = set()
    waiting = [model]
    for one in waiting:
        for name, field in one.model_fields.items():
            found.add(field.alias or name)
            waiting += [kind for kind in _models(field.annotation) if kind not in waiting]
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for part in getattr(annotation, "__args__", ()) for one in _models(part)]


def _form(kind: str, pattern: str) -> str:
    words = next((words for head, words in _PATTERNS.items() if pattern.startswith(head)), None)
    return str(words or _TYPES.get(kind) or _A_NAME)


_A_NAME = gettext_lazy("a name in small letters, such as post_kept")
_PATTERNS = {
    "^20": gettext_lazy("a month such as 2020-02"),
    "^[1-9]": gettext_lazy('the beginning of a division\'s code in quotes, such as "42"'),
    r"^\$": gettext_lazy("a number such as 1720, or a parameter such as $minimum_wage"),
    "^[a-z0-9]+": gettext_lazy("small letters, digits and hyphens, such as keep-post"),
    "^[a-z]": _A_NAME,
}
_KEYS = gettext_lazy("keys with their values, one a line")
_TYPES = {
    "string_type": gettext_lazy("text, in quotes where it looks like a number"), "bool_type": gettext_lazy("true or false"),
    "list_type": gettext_lazy("a list: one entry a line, each beginning with “- ”"),
    "dict_type": _KEYS, "model_type": _KEYS, "model_attributes_type": _KEYS,
    "decimal": gettext_lazy("a number from 0 on, such as 0.5 or 1720"), "date": gettext_lazy("a date such as 2020-03-01"),
}  # fmt: skip
_ONE_OF = gettext_lazy("“%(value)s” cannot stand here. Write one of: %(choices)s.")
_MISSING = gettext_lazy("“%(key)s” is missing. Add it.")
_EMPTY = gettext_lazy("This is empty. Fill it in, or leave the key out.")
_LONG = gettext_lazy("This is too long: %(most)s at most. Shorten it.")
_SENTENCES = {
    "missing": _MISSING, "union_tag_not_found": _MISSING, "literal_error": _ONE_OF, "union_tag_invalid": _ONE_OF,
    "too_short": _EMPTY, "string_too_short": _EMPTY, "too_long": _LONG, "string_too_long": _LONG,
    "extra_forbidden": gettext_lazy("There is no key “%(key)s” here. Leave it out."),
    "extra_forbidden_near": gettext_lazy("There is no key “%(key)s” here. Nearest: %(near)s. Correct it, or leave it out."),
    "measure_unpaid": gettext_lazy("A measure that is complete says what is paid. Add “amount”."),
    "measure_invented": gettext_lazy(
        "The text of this measure was not found, so nothing of it is invented: leave out conditions and amount, or write"
        " “status: complete” when you have the text."
    ),
    "measure_nobody": gettext_lazy(
        "An amount for each person needs conditions of a person. Add “person”, or pay a fixed amount."
    ),
    "measure_twice": gettext_lazy("Two conditions have the name “%(name)s”. Give each its own."),
    "measure_parameter": gettext_lazy("There is no parameter %(name)s. Add it to “parameters”, or correct the name."),
    "another": gettext_lazy("“%(value)s” cannot stand here. Write %(form)s."),
}  # fmt: skip
"""What is wrong and what to write, by the kind of finding."""
