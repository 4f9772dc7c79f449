"""Every source and every reason that our programs write has words in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

import fugong
from fugong.ledger import wording
from fugong.ledger.kinds import KINDS

HAN = re.compile("[\u4e00-\u9fff]")
ROOT = Path(fugong.__file__).parent


def texts(node: ast.expr, named: dict[str, str]) -> Iterator[str]:
    """The texts that an argument can be: literally, by the name of a constant, or one of two."""
    if isinstance(node, ast.IfExp):
        yield from texts(node.body, named)
        yield from texts(node.orelse, named)
    elif isinstance(node, ast.Name) and node.id in named:
        yield named[node.id]
    elif isinstance(node, ast.JoinedStr):
        yield from texts(node.values[0], named)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value


def constants(tree: ast.Module) -> dict[str, str]:
    """The texts that a module gives names to."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                for name, value in pairs:
                    if isinstance(name, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                        found[name.id] = value.value
    return found


def written(argument: str) -> set[str]:
    """What our code passes as that argument, in a call or as its default."""
    said: set[str] = set()
    for path in ROOT.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        named = constants(tree)
        for node in ast.walk(tree):
            given = [node.value] if isinstance(node, ast.keyword) and node.arg == argument else []
            if isinstance(node, ast.arguments):
                pairs = zip(node.kwonlyargs, node.kw_defaults, strict=True)
                given = [default for name, default in pairs if name.arg == argument and default]
            said |= {text for value in given for text in texts(value, named)}
    return said


def test_sources_and_reasons_are_found() -> None:
    assert {"door", "import", "dormitory", "roster", "page"} <= written("source")
    assert {"keyed in wrongly", "filed by mistake", "roster", "离职"} <= written("reason")


@pytest.mark.parametrize("source", sorted(written("source") | set(wording.SOURCES)))
def test_every_source_has_words_in_both_languages(source: str) -> None:
    assert source.partition(":")[0] in wording.SOURCES
    with override("zh-hans"):
        assert HAN.search(wording.source(source))
    with override("en"):
        assert not HAN.search(wording.source(source))


@pytest.mark.parametrize("reason", sorted(written("reason") | set(wording.REASONS)))
def test_every_reason_has_words_in_both_languages(reason: str) -> None:
    assert reason in wording.REASONS
    with override("zh-hans"):
        assert HAN.search(wording.reason(reason))
    with override("en"):
        assert not HAN.search(wording.reason(reason))


def test_what_somebody_wrote_is_shown_as_written() -> None:
    with override("en"):
        assert wording.reason("电话核实") == "电话核实"
        assert wording.source("小程序:3") == "小程序 · 3"
        assert wording.source("import:名单.xlsx") == "spreadsheet · 名单.xlsx"


def test_every_choice_of_a_fact_has_words():
    choices = {choice for kind in KINDS.values() for field in kind.fields for choice in field.choices}
    assert choices - set(wording.CHOICES) == set()
