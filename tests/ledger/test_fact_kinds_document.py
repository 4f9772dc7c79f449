"""docs/fact-kinds.md says of every kind what the program says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from django.utils.translation import override

from fugong.base.roles import ROLES
from fugong.ledger.kinds import KINDS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "fact-kinds.md").read_text(encoding="utf-8")


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fact_kinds", ROOT / "tools" / "fact_kinds.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_fresh():
    assert tool().written() == TEXT, "run tools/fact_kinds.py"


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_whom_what_for_and_by_whom_in_both_languages(name):
    kind = KINDS[name]
    english, chinese = (line for line in TEXT.splitlines() if line.startswith(f"| `{name}` |"))
    for line, language in ((english, "en"), (chinese, "zh-hans")):
        with override(language):
            titles = [str(kind.purpose), str(kind.evidence), *(str(ROLES[role].title) for role in kind.stated_by)]
        assert all(title in line for title in titles), line
    assert f"| {kind.subject} | {kind.shape} |".replace("| team |", "| service team |") in english


def test_who_states_is_a_role_that_there_is():
    assert {role for kind in KINDS.values() for role in kind.stated_by} <= ROLES.keys()
