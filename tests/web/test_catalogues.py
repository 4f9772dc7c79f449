"""The message catalogues: everything translated, compiled as written, and one sentence with one translation."""

from __future__ import annotations

import gettext
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import fugong

CATALOGUES = sorted(Path(fugong.__file__).parent.glob("*/locale/zh_Hans/LC_MESSAGES/*.po"))


def messages(path: Path) -> dict[object, object]:
    with path.open("rb") as file:
        return {message.id: message for message in read_po(file, locale="zh_Hans") if message.id}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parents[3].name}-{path.stem}")
def test_everything_is_translated_and_compiled(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for text, message in messages(path).items():
        assert message.string, f"{path.parents[3].name}: no Chinese for {text!r}"
        assert "fuzzy" not in message.flags, text
        if message.context:
            assert compiled.pgettext(message.context, text) == message.string
        elif isinstance(text, str):
            assert compiled.gettext(text) == message.string, f"compile {path} again"


def test_one_sentence_has_one_translation():
    """Django merges the apps' catalogues: of two translations of one sentence, one would silently win."""
    found: dict[tuple[object, object], dict[object, str]] = defaultdict(dict)
    for path in CATALOGUES:
        if path.stem == "django":
            for text, message in messages(path).items():
                found[message.context, text].setdefault(message.string, path.parents[3].name)
    assert {key[1]: where for key, where in found.items() if len(where) > 1} == {}
