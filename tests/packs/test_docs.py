"""The examples of ``docs/protocol-packs.md`` and of its Chinese version do what the page says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from core.cases import packed, unpacked
from core.test_formulas_guide import fields, intervals
from fugong.core.protocol import VOCABULARY, evaluate, parse
from fugong.core.protocol import pack_format as form
from fugong.core.protocol.derive import derive
from fugong.core.protocol.pack import Pack, PackError, against, load
from fugong.core.time import PLUS_INF, lane
from fugong.ledger.kinds import KINDS
from fugong.project.cli.protocol import raw_kinds
from packs.life import Life, walk

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"en": "protocol-packs.md", "zh-hans": "protocol-packs.zh-CN.md"}
ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Block:
    """A fenced block: what the fence says, and what stands in it."""

    kind: str
    text: str


def page(language: str) -> str:
    return (DOCS / PAGES[language]).read_text(encoding="utf-8")


def blocks(language: str) -> list[Block]:
    return [Block(*found) for found in re.findall(r"^```([^\n]+)\n(.*?)^```$", page(language), re.M | re.S)]


def whole(language: str) -> str:
    [block] = [block for block in blocks(language) if block.kind == "yaml pack"]
    return block.text


def with_derivations(text: str) -> Pack:
    """A pack with these derivations, and whatever else they need."""
    rules = yaml.safe_load(text)
    flat = [rule for some in rules.values() for rule in some]
    facts = {rule["from"] for rule in flat} | {
        rule[key]["kind"] for rule in flat for key in ("through", "unless") if key in rule
    }
    own = [f"  {name}: {{zh: 类, en: kind}}" for name in rules if name not in VOCABULARY]
    assert not own, "examples use documented names"
    return load(
        f"""
pack: example
version: "1"
title: {{zh: 例, en: example}}
issuer: {{zh: 例, en: example}}
in_force: {{from: 2022-06-01}}
timezone: {ZONE}
sources: [{{title: example, confidence: own}}]
parameters:
  fever_limit: {{value: 37.3, unit: celsius, title: {{zh: 界限, en: limit}}}}
facts: {{{", ".join(f"{name}: {KINDS[name].shape}" for name in sorted(facts))}}}
requirements: {{}}
permissions: {{}}
derivations:
"""
        + "".join(f"  {line}\n" for line in text.splitlines())
    )


@pytest.mark.parametrize("language", PAGES)
def test_the_whole_pack_answers_as_it_says(language: str) -> None:
    pack = load(whole(language), name="my-town.yaml")
    against(pack, raw_kinds())
    found = blocks(language)
    life = next(block.text for block in found if block.kind == "life")
    answers = next(block.text for block in found if block.kind == "answers")
    questions: list[tuple[str, str, str | bool]] = []
    for line in answers.splitlines():
        when, permission, answer = re.fullmatch(r"(\S+) (\w+): (.+)", line).groups()  # type: ignore[union-attr]
        questions.append((when, permission, True if answer == "yes" else answer))
    assert len(questions) > 5
    walk(pack, life, questions)


@pytest.mark.parametrize("language", PAGES)
def test_each_derivation_holds_when_it_says(language: str) -> None:
    made: Pack | None = None
    life, checked = "", 0
    for block in blocks(language):
        if block.kind == "yaml derivations":
            made = with_derivations(block.text)
            against(made, raw_kinds())
        elif block.kind == "life":
            life = block.text
        elif block.kind == "holds":
            assert made is not None
            for line in block.text.splitlines():
                kind, moments = line.split(":", 1)
                assert _holds(made, life, kind) == moments.split()
                checked += 1
    assert checked >= 8


def _holds(pack: Pack, table: str, kind: str) -> list[str]:
    life = Life(table, ZONE)
    found = lane(derive(pack, life.own, 1, life.linked)[kind], 0)
    return [_said(life, moment) for span in found for moment in span]


def _said(life: Life, moment: int) -> str:
    from datetime import datetime

    if moment == PLUS_INF:
        return "ever"
    return datetime.fromtimestamp(moment, life.zone).strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00")


@pytest.mark.parametrize("language", PAGES)
def test_each_formula_holds_when_it_says(language: str) -> None:
    found = [block for block in blocks(language) if block.kind == "example"]
    assert len(found) >= 2
    for block in found:
        given = fields(block.text)
        formula, wanted = parse(given.pop("formula"), kinds=VOCABULARY), intervals(given.pop("holds"))
        facts = {kind: intervals(text) for kind, text in given.items()}
        assert unpacked(evaluate(formula, packed([facts]), 1), 1) == [wanted]


@pytest.mark.parametrize("language", PAGES)
def test_each_mistake_is_told_as_the_page_tells_it(language: str) -> None:
    found = [block for block in blocks(language) if block.kind in ("wrong", "error")]
    assert len(found) >= 4
    for wrong, error in zip(found[::2], found[1::2], strict=True):
        old, new = (line[2:] for line in wrong.text.splitlines())
        assert whole(language).count(old) == 1
        with pytest.raises(PackError) as caught:
            load(whole(language).replace(old, new), name="my-town.yaml")
        assert caught.value.text(language) == error.text.strip()


@pytest.mark.parametrize("language", PAGES)
def test_the_formulas_of_the_table_are_formulas(language: str) -> None:
    rows = re.findall(r"^\| [^|`]+ \| `([^`]+)` \|$", page(language), re.M)
    assert len(rows) >= 6
    for row in rows:
        parse(row, kinds=VOCABULARY)


def test_both_pages_have_the_same_examples() -> None:
    english, chinese = ([b for b in blocks(one) if b.kind not in ("error", "console")] for one in PAGES)
    assert english == chinese


@pytest.mark.parametrize("language", PAGES)
def test_every_key_is_documented(language: str) -> None:
    models: list[type[BaseModel]] = [
        form.PackSpec, form.InForce, form.SourceSpec, form.ParameterSpec, form.ConditionSpec, form.LocalSpec,
        form.HoldsSpec, form.ThroughSpec, form.UnlessSpec, form.RuleSpec, form.RequirementSpec, form.DoorSpec,
        form.ColourSpec,
    ]  # fmt: skip
    text = page(language)
    names = {field.alias or name for model in models for name, field in model.model_fields.items()}
    names |= {*form.PERMISSIONS, "latest", "event", "own", "official", "press", "summary", "general"}
    said = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", text))))
    assert names - said == set()
