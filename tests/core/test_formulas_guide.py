"""The examples of ``docs/formulas.md``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cases import packed, unpacked
from core.oracle import Interval, holds
from fugong.core.protocol import VOCABULARY, FormulaError, evaluate, parse
from fugong.project.cli.evaluate import command

GUIDE = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def fields(block: str) -> dict[str, str]:
    return {name: rest.strip() for name, rest in (line.split(maxsplit=1) for line in block.splitlines())}


def intervals(text: str) -> list[Interval]:
    found = re.findall(r"\[(…|-?\d+), (…|-?\d+)\)", text)
    assert " ".join(f"[{a}, {b})" for a, b in found) == text
    return [(None if a == "…" else int(a), None if b == "…" else int(b)) for a, b in found]


@pytest.mark.parametrize("block", blocks("example"))
def test_examples(block: str) -> None:
    given = fields(block)
    formula, wanted = parse(given.pop("formula")), intervals(given.pop("holds"))
    facts = {kind: intervals(text) for kind, text in given.items()}
    assert unpacked(evaluate(formula, packed([facts]), 1), 1) == [wanted]
    assert holds(formula, facts) == wanted


@pytest.mark.parametrize("block", blocks("error"))
def test_errors(block: str) -> None:
    given = fields(block)
    with pytest.raises(FormulaError) as caught:
        parse(given["formula"], kinds=VOCABULARY)
    assert caught.value.text("en").startswith(given["says"])


def test_the_command() -> None:
    (facts,) = blocks("facts")
    ((formula, answer),) = re.findall(r"^```answer (.*?)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    result = CliRunner().invoke(command, ["--formula", formula, "--facts", "-"], input=facts)
    assert result.stdout == answer


def test_nothing_is_left_out() -> None:
    assert len(blocks("example")) > 12
    assert len(blocks("error")) > 3
    for operator in (
        "not",
        "and",
        "or",
        "implies",
        "once",
        "historically",
        "since",
        "count",
        "spaced",
        "true",
        "false",
    ):
        assert f"`{operator}" in GUIDE or re.search(rf"formula .*\b{operator}\b", GUIDE), operator
    rows = re.findall(r"^\| `([\w.]+)` \| (\S+) \|", GUIDE, re.MULTILINE)
    assert rows == [(doc.name, doc.title.zh) for doc in VOCABULARY.values()]
