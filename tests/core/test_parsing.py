"""The grammar: what texts mean, what they print as, and what is said of wrong ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from core.cases import formulas
from fugong.core.protocol import VOCABULARY, FormulaError, kinds_of, parse
from fugong.core.protocol import formula as ast

A, B, C = ast.Kind("a"), ast.Kind("b"), ast.Kind("c")


def seconds(low: int, high: int | None) -> ast.Window:
    return ast.Window(ast.Duration(low), None if high is None else ast.Duration(high))


@settings(max_examples=300, deadline=None)
@given(formulas(1))
def test_text_and_formula_are_the_same(formula: ast.Formula) -> None:
    assert parse(str(formula)) == formula
    assert str(parse(str(formula))) == str(formula)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a", A),
        ("not a and b", ast.And((ast.Not(A), B))),
        ("a and b or c", ast.Or((ast.And((A, B)), C))),
        ("a or b and c", ast.Or((A, ast.And((B, C))))),
        ("a or b implies c", ast.Implies(ast.Or((A, B)), C)),
        ("a implies b implies c", ast.Implies(A, ast.Implies(B, C))),
        ("a since b since c", ast.Since(ast.Since(A, B), C)),
        ("a and b since c", ast.And((A, ast.Since(B, C)))),
        ("not a since[1,2] once b", ast.Since(ast.Not(A), ast.Once(B), seconds(1, 2))),
        ("once[0,48h] a and b", ast.And((ast.Once(A, seconds(0, 172_800)), B))),
        ("once[0,1d12h] a", ast.Once(A, seconds(0, 129_600))),
        ("historically[5m,inf] a", ast.Historically(A, seconds(300, None))),
        ("once a", ast.Once(A, seconds(0, None))),
        ("once not historically a", ast.Once(ast.Not(ast.Historically(A)))),
        ("count[0,2d](a or b) >= 3", ast.Count(ast.Or((A, B)), seconds(0, 172_800), 3)),
        ("count[0,9](a, spaced 1d) >= 2", ast.Count(A, seconds(0, 9), 2, ast.Duration(86_400))),
        ("true or false", ast.Or((ast.Constant(True), ast.Constant(False)))),
        ("((a))", A),
        ("a and (b and c)", ast.And((A, ast.And((B, C))))),
        ("notable and orange", ast.And((ast.Kind("notable"), ast.Kind("orange")))),
        ("a # the first\n  and b", ast.And((A, B))),
    ],
)
def test_what_a_text_means(text: str, meant: ast.Formula) -> None:
    assert parse(text) == meant
    assert parse(str(meant)) == meant


def test_parameters_keep_their_names() -> None:
    formula = parse(
        "once[$least,$most] a and count[0,$most](a, spaced $gap) >= 2", parameters={"least": 1, "most": 9, "gap": 3}
    )
    assert str(formula) == "once[$least,$most] a and count[0,$most](a, spaced $gap) >= 2"
    assert isinstance(formula, ast.And)
    assert formula.operands[0] == ast.Once(A, ast.Window(ast.Duration(1, "least"), ast.Duration(9, "most")))


def test_kinds_of() -> None:
    assert kinds_of(parse("once a implies count[0,1](b.c) >= 1 or not a since d")) == {"a", "b.c", "d"}


WRONG = [
    ("", 1, 1, "a kind or a formula", ()),
    ("a and\n  (b or", 2, 8, "a kind or a formula", ()),
    ("(a and b", 1, 9, "a closing parenthesis", ()),
    ("a adn b", 1, 3, "“and”", ("and",)),
    ("a b", 1, 3, "the end of the formula", ()),
    ("a\nand § b", 2, 5, "“§” means nothing here", ()),
    ("once[5m,2m] a", 1, 6, "ends before it begins", ()),
    ("once[0,48x] a", 1, 8, "is no duration", ()),
    ("once[0,12m1h] a", 1, 8, "largest first", ()),
    ("once[0,9999999d] a", 1, 8, "too long", ()),
    ("once[0,9" + "9" * 5000 + "] a", 1, 8, "too long", ()),
    ("once[inf,inf] a", 1, 6, "a duration or a number", ()),
    ("once[0] a", 1, 7, "a comma", ()),
    ("count[0,1](a) >= 0", 1, 18, "from 1 to", ()),
    ("count[0,1](a) >= 2h", 1, 18, "from 1 to", ()),
    ("count[0,1](a) = 2", 1, 15, "“=” means nothing here", ()),
    ("count(a) >= 2", 1, 6, "a window", ()),
    ("once[0,$gap] a", 1, 8, "unknown parameter $gap", ("$gaps",)),
    ("a and tset.negative", 1, 7, "unknown kind tset.negative", ("test.negative",)),
    ("a and negative", 1, 7, "unknown kind negative", ("test.negative",)),
    ("$gaps", 1, 1, "a kind or a formula", ()),
    ("not " * 200 + "a", 1, 1, "nested more than", ()),
]


@pytest.mark.parametrize(("text", "line", "column", "says", "suggests"), WRONG)
def test_wrong_texts(text: str, line: int, column: int, says: str, suggests: tuple[str, ...]) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text, kinds={"a", "b", "test.negative"}, parameters={"gaps": 3})
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert says in error.text("en")
    assert f"第 {line} 行第 {column} 列" in error.text("zh-hans")
    assert not set(suggests) - set(error.suggestions)
    # each language keeps to itself: beyond names from the text, no Han in English
    assert not [c for c in error.text("en") if "一" <= c <= "鿿"]


def test_expected_words_are_in_both_languages() -> None:
    with pytest.raises(FormulaError) as caught:
        parse("(a")
    assert [t.zh for t in caught.value.expected if "右括号" in t.zh]
    assert [t.en for t in caught.value.expected if "closing" in t.en]


@pytest.mark.parametrize("seconds_wrong", [-1, 1 << 40])
def test_parameters_that_are_no_durations(seconds_wrong: int) -> None:
    with pytest.raises(FormulaError, match="is no duration"):
        parse("once[0,$x] a", parameters={"x": seconds_wrong})


def test_vocabulary_is_complete() -> None:
    for name, doc in VOCABULARY.items():
        assert parse(name) == ast.Kind(name)
        assert name == doc.name
        for text in (doc.title, doc.meaning):
            assert text.en
            assert [c for c in text.zh if "一" <= c <= "鿿"]
            assert not [c for c in text.en if "一" <= c <= "鿿"]
    assert len({doc.title.zh for doc in VOCABULARY.values()}) == len(VOCABULARY)
