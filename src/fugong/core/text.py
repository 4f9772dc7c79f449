"""Words for people, in both languages, for code that knows no web framework."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese and in English."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The sentence in ``language`` (a tag such as ``zh-hans``); English for any but Chinese."""
        return self.zh if language.lower().startswith("zh") else self.en


class CoreError(ValueError):
    """Input that the core refuses, with a sentence in both languages that says what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = Text(zh, en)

    def text(self, language: str) -> str:
        """The sentence in ``language``."""
        return self.message.text(language)
