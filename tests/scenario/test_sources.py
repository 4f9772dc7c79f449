"""The program is for any town: it names none, outside the recipes of the demo towns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fugong.scenario import default_town, recipe

SOURCE = Path(recipe.__file__).resolve().parent.parent
PACK = "jinfeng-2020-03"
ALLOWED = {SOURCE / "scenario" / "towns" / "jinfeng.yaml", SOURCE / "core" / "protocol" / "packs" / f"{PACK}.yaml"}
NAMES = re.compile(r"jinfeng|jingwei|金峰|经纬", re.IGNORECASE)


def test_no_source_file_names_the_town_of_the_demo() -> None:
    named = {}
    for path in sorted(SOURCE.rglob("*")):
        if (
            path.is_file()
            and path not in ALLOWED
            and path.suffix in {".py", ".yaml", ".html", ".js", ".css", ".po", ".json"}
        ):
            found = NAMES.findall(path.read_text(encoding="utf-8").replace(PACK, ""))
            if found:
                named[str(path.relative_to(SOURCE))] = found
    assert named == {}


def test_the_recipes_are_read_whole() -> None:
    assert recipe.names()[0] == default_town() == "jinfeng"
    assert len(recipe.names()) == 2
    for name in recipe.names():
        read = recipe.read(name)
        assert read.period.first <= read.moment.date() <= read.period.last
        assert sum(group.count for trip in read.trips for group in trip.groups) > 0


def test_a_misspelt_recipe_is_refused_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {**recipe._raw("qinghe"), "vacancies": {"posts": "many"}}
    monkeypatch.setattr(recipe, "_raw", lambda name: broken)
    with pytest.raises(recipe.ScenarioError, match=r"vacancies\.posts"):
        recipe.read("qinghe")
