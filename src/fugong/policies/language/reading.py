"""Reading a measure's YAML: plain values only, and every mistake with its line."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from django.utils.translation import get_language
from pydantic import ValidationError

from fugong.core.protocol import pack_yaml
from fugong.core.protocol.pack_errors import PackError
from fugong.policies.errors import PolicyError
from fugong.policies.language import mistakes
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
        line, where, what = mistakes.first(document, error.errors(), Measure)
        raise PolicyError("measure.wrong", field="text", line=line, where=where, what=what) from None


def text_of(content: bytes) -> str:
    """The text of a measure's file: UTF-8, as every editor saves YAML. Raises PolicyError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PolicyError("measure.encoding", field="text", line=line) from None


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
