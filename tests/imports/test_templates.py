"""The choices that a list offers, in the language of whoever fills it in."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.utils.translation import override

from fugong.base.tables import template
from fugong.base.tables.model import CellError, best_word
from fugong.registry.imports.declaration import FactImport, catalogue, find
from imports.sheets import NOW


def test_results_are_chosen_from_words_of_the_language() -> None:
    found = find("test")
    assert found is not None
    spec = found.spec(NOW)
    for language, words in (("zh-hans", ("阴性,阳性,可疑", "核酸,抗原")),
                            ("en", ("negative,positive,inconclusive", "nucleic acid,antigen"))):  # fmt: skip
        book = openpyxl.load_workbook(io.BytesIO(template(spec, language)))
        rules = [rule.formula1.strip('"') for rule in book.worksheets[0].data_validations.dataValidation]
        assert set(words) <= set(rules)
    for column in (spec.column("result"), spec.column("method")):
        understood = {column.parse(word) for words in column.choices for word in words}
        assert len(understood) == len(column.choices)


@pytest.mark.parametrize("declaration", catalogue(), ids=lambda declaration: declaration.kind)
def test_every_choice_is_offered_in_both_languages_and_understood(declaration: FactImport) -> None:
    for column in declaration.spec(NOW).columns:
        for words in column.choices:
            chinese, english = best_word(words, chinese=True), best_word(words, chinese=False)
            assert english.isascii(), (column.name, words)
            assert not chinese.isascii(), (column.name, words)
            assert column.parse(chinese) == column.parse(english)


def test_a_wrong_result_and_a_wrong_moment_say_what_to_write_in_english() -> None:
    found = find("test")
    assert found is not None
    spec = found.spec(NOW)
    with override("en"):
        with pytest.raises(CellError) as refused:
            spec.column("result").parse("maybe")
        assert "negative, positive, inconclusive" in refused.value.message
        with pytest.raises(CellError) as refused:
            spec.column("sampled_at").parse("just now")
        assert "2020-02-24 08:30" in refused.value.message
