"""Every sentence exists in Chinese and in English, with the same parameters, and neither language stands in the other."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from fugong.base import faults
from fugong.registry.roster import spec as _roster  # noqa: F401  (declares its codes)

OURS = re.compile(
    r"(table|sheet|row|cell|name|date|moment|time|number|percentage|temperature|flag|choice|division|id|uscc|phone|roster)\."
)
CODES = sorted(code for code in faults.codes() if OURS.match(code))
HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("code", CODES)
def test_a_sentence_is_in_both_languages(code: str) -> None:
    sentence = faults._SENTENCES[code]
    with override("en"):
        english = str(sentence)
    with override("zh-hans"):
        chinese = str(sentence)
    assert HAN.search(chinese)
    assert not HAN.search(english)
    parameters = re.compile(r"%\(\w+\)s|%%")
    assert sorted(parameters.findall(chinese)) == sorted(parameters.findall(english))


def test_there_are_sentences_to_look_at() -> None:
    assert len(CODES) > 70
