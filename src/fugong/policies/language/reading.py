"""Reading a measure's YAML: plain values only, and every mistake with its line."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from django.utils.translation import get_language
from pydantic import ValidationError

from fugong.core.protocol import pack_yaml
from fugong.core.protocol.pack_errors import PackError, expected
from fugong.policies.errors import PolicyError
from fugong.policies.language.form import Measure

_FOLDER = files("fugong.policies") / "shipped"


def parse(text: str, name: str = "measure.yaml") -> Measure:
    """The measure that a text says. Raises PolicyError with the line of the first mistake."""
    try:
        document = pack_yaml.read(text, name)
    except PackError as error:
        what = error.what.text(get_language() or "")
        raise PolicyError("measure.wrong", field="text", line=error.line, where="YAML", what=what) from None
    try:
        return Measure.model_validate(document.value)
    except ValidationError as error:
        first = error.errors()[0]
        path = tuple(step for step in first["loc"] if not isinstance(step, str) or step in _keys(document.value))
        where = ".".join(str(step) for step in path) or "YAML"
        line = document.place(path).line
        said = expected(first["type"])
        what = said.text(get_language() or "") if said else first["msg"]
        raise PolicyError("measure.wrong", field="text", line=line, where=where, what=what) from None


def _keys(value: object) -> set[str]:
    """Every key of the document: pydantic's path names branches of unions too, which the document doesn't have."""
    if isinstance(value, dict):
        return {str(key) for key in value} | {key for one in value.values() for key in _keys(one)}
    if isinstance(value, list):
        return {key for one in value for key in _keys(one)}
    return set()


@lru_cache(maxsize=1)
def shipped() -> dict[str, str]:
    """The measures that come with the program, by key: their YAML."""
    return {
        entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
        for entry in sorted(_FOLDER.iterdir(), key=lambda one: one.name)
        if entry.name.endswith(".yaml")
    }


@lru_cache(maxsize=64)
def parsed(text: str) -> Measure:
    """The same for a text that was read before, kept."""
    return parse(text)
