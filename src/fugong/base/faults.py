"""What is wrong with something that people gave us: a stable code, and a sentence in Chinese and in English.

Every module declares the sentences of its codes once (`declare`); a `Fault` carries only the code and its parameters,
so that one fault can be shown in the reader's language, written into a workbook in both, and tested by its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, override

Text = str | Promise

LANGUAGES = ("zh-hans", "en")
"""The languages in which comments are written, in this order."""

_SENTENCES: dict[str, Text] = {}


def declare(sentences: Mapping[str, Text]) -> None:
    """Declare the sentence of each code; a code can be declared only once (`ValueError`)."""
    twice = _SENTENCES.keys() & sentences.keys()
    if twice:
        raise ValueError(f"codes declared twice: {sorted(twice)}")
    _SENTENCES.update(sentences)


def codes() -> frozenset[str]:
    """Every declared code."""
    return frozenset(_SENTENCES)


class Fault(ValueError):  # noqa: N818  (a warning is a fault too, and no error)
    """One thing that is wrong (or, with `warning`, doubtful), with what to do about it.

    `code` is stable and declared; `params` fill its sentence; `field` names the field that it concerns, where the
    one who raises it knows better than the one who called.
    """

    def __init__(self, code: str, /, *, field: str | None = None, warning: bool = False, **params: Any) -> None:
        if code not in _SENTENCES:
            raise LookupError(f"no sentence is declared for the code {code!r}")
        super().__init__(code)
        self.code = code
        self.field = field
        self.warning = warning
        self.params = params

    @property
    def message(self) -> str:
        """The sentence in the language in force."""
        return str(_SENTENCES[self.code]) % self.params

    def in_language(self, language: str) -> str:
        """The sentence in the given language ("zh-hans", "en")."""
        if get_language() == language:
            return self.message
        with override(language):
            return self.message

    def in_both(self) -> str:
        """The sentence in Chinese and then in English, each on its own line."""
        return "\n".join(self.in_language(language) for language in LANGUAGES)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.code, self.field, self.warning, self.params))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fault) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((self.code, self.field, self.warning))

    def _identity(self) -> tuple[Any, ...]:
        return (self.code, self.field, self.warning, self.params)


def _rebuild(code: str, field: str | None, warning: bool, params: dict[str, Any]) -> Fault:
    return Fault(code, field=field, warning=warning, **params)
