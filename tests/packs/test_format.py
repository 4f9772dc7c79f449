"""A wrong pack is refused with the place, what was expected, and the nearest known names."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fugong.core.protocol import kinds_of
from fugong.core.protocol.pack import PackError, RawField, RawKind, against, load, schema, shipped
from fugong.core.protocol.pack_yaml import read
from fugong.ledger.kinds import KINDS

TEXT = shipped()["jinfeng-2020-03"]

# what stands in the pack, what is written instead (» is where the error must point), its code, and a name nearby
WRONG: list[tuple[str, str, str, str | None]] = [
    ("requirements:\n", "»requirments:\n", "unknown_name", "requirements"),
    ("issuer: {zh: 福", "»issuers: {zh: 福", "unknown_name", "issuer"),
    ("{value: 37.3, unit: celsius", "{value: 37.3, unit: »celcius", "wrong_value", "celsius"),
    ("{value: 37.3, unit", "{value: »-1, unit", "wrong_type", None),
    ("{value: 14, unit: days", "{value: »14.5, unit: days", "wrong_type", None),
    ('{value: "08:00", unit', '{value: »"8:00", unit', "wrong_form", None),
    ("  survey: event\n", "  survey: »events\n", "wrong_value", "event"),
    ("  survey: event\n", "  survey: event\n  »vaccination: event\n", "unread", None),
    ("- {from: survey, holds: {for: inf}}", "- {from: »servey, holds: {for: inf}}", "unknown_name", "survey"),
    ("- {from: survey, holds: {for: inf}}", "- {from: survey, holds: {»fro: inf}}", "unknown_name", "from"),
    ("- {from: survey, holds: {for: inf}}", "- {from: survey, holds: {for: »ever}}", "wrong_form", None),
    ("- {from: survey, holds: {for: inf}}", "- {from: survey, holds: {»for: 1d, until: {after: 2d}}}", "wrong_together", None),
    ("- {from: survey, holds: {for: inf}}", "- {from: survey, holds: »sometimes}", "wrong_value", None),
    ("- {from: survey, holds: {for: inf}}", "- {from: survey, holds: »{}}", "empty", None),
    ("- {from: survey, holds: {for: inf}}", "- {from: survey, clock: end, »holds: latest}", "wrong_together", None),
    ("{until: {day: 1, at: $register_until}}", "{until: {day: 1, at: »$register_untl}}", "unknown_name", "register_until"),
    ("{until: {day: 1, at: $register_until}}", "{until: {day: 1, at: »$fever_limit}}", "wrong_parameter", None),
    ("{until: {day: 1, at: $register_until}}", "{until: {day: 1, at: »10:60}}", "wrong_form", None),
    ("{until: {day: 1, at: $register_until}}", "{until: {day: »-1, at: 10:00}}", "out_of_range", None),
    ("{until: {day: 1, at: $register_until}}", "{until: »{at: 10:00}}", "wrong_together", None),
    ("{place: arrival, celsius: {below: $fever_limit}}", "{place: arrival, celsius: {»under: 37}}", "unknown_name", None),
    ("{place: arrival, celsius: {below: $fever_limit}}", "{place: arrival, celsius: {below: »$release_at}}",
     "wrong_parameter", None),
    ("{place: arrival, celsius: {below: $fever_limit}}", "{place: arrival, celsius: »{}}", "empty", None),
    ("  surveyed:\n    - {from", "  »servyed:\n    - {from", "no_title", "surveyed"),
    ("  exposed: {zh: 有暴露史, en: exposed}", "  »exposd: {zh: 有暴露史, en: exposed}", "unknown_name", "exposed"),
    ("  exposed: {zh: 有暴露史, en: exposed}", "  exposed: »{zh: 有暴露史}", "missing_key", None),
    ("formula: (not arrived) since", "formula: (not »arived) since", "wrong_formula", "arrived"),
    ("formula: once arrived", "formula: once arrived »arrived", "wrong_formula", None),
    ("formula: once[0,$exposure_lookback] contact.close", "formula: once[0,»$lookback] contact.close", "wrong_formula", None),
    ("and (not exposed) since", "and (not »exposd) since", "wrong_formula", "exposed"),
    ("binds: survey.contact\n", "binds: »survey.contacts\n", "wrong_formula", "survey.contact"),
    ("{zh: 已摸排, en: surveyed}", "{zh: 已摸排, en: »surveyed $dayz}", "unknown_name", None),
    ("    on_the_spot: true\n", "    on_the_spot: »yes\n", "wrong_type", None),
    ("  board: [surveyed,", "  board: [»surveid,", "unknown_name", "surveyed"),
    ("  visit: [", "  »visits: [", "wrong_value", "visit"),
    ("timezone: Asia/Shanghai", "timezone: »Asia/Peking", "unknown_timezone", None),
    ("in_force: {from: 2020-02-01}", "in_force: {from: »2020-02-30}", "wrong_form", None),
    ("in_force: {from: 2020-02-01}", "in_force: {from: 2020-02-01, to: »2020-01-01}", "empty_interval", None),
    ("pack: jinfeng-2020-03\n", "pack: »Jinfeng 2020\n", "wrong_form", None),
    ("pack: jinfeng-2020-03\n", "pack: jinfeng-2020-03\n»pack: other\n", "twice", None),
    ("  mask: true\n", "  mask: »1\n", "wrong_type", None),
    ("version: \"1\"", "version: »1", "wrong_type", None),
    ("  fever_limit: $fever_limit", "  fever_limit: »$release_at", "wrong_parameter", None),
    ("facts:\n", "facts: »&all\n", "no_anchors", None),
    ("seat_share: {bus: 0.5}", "seat_share: {bus: »1.5}", "out_of_range", None),
    ("    rear_rows_kept: 2", "    »rear_rows: 2", "unknown_name", "rear_rows_kept"),
    ('["07:30", "15:30"]', '["07:30", »"25:30"]', "wrong_form", None),
    ("once[0,$fever_free] fever\n      - symptoms", "once[0,$fever_free] »fevr\n      - symptoms", "wrong_formula",
     "fever"),
    ("{least_mg_per_litre: 500, most_mg_per_litre: 1000,", "»{least_mg_per_litre: 500, most_mg_per_litre: 100,",
     "wrong_form", None),
    ("timezone: Asia/Shanghai", "timezone: »!!python/name:os.system x", "wrong_tag", None),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "near"), WRONG, ids=[new.strip() for _, new, _, _ in WRONG])
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, code: str, near: str | None) -> None:
    assert TEXT.count(old) >= 1
    marked = TEXT.replace(old, new, 1)
    before, after = marked.split("»")
    with pytest.raises(PackError) as caught:
        load(before + after, name="town.yaml")
    error = caught.value
    line = before.count("\n") + 1
    assert (error.code, error.line, error.column) == (code, line, len(before) - (before.rfind("\n") + 1) + 1)
    assert near is None or near in error.near
    assert f"town.yaml, line {line}, column {error.column}: " in error.text("en")
    assert f"town.yaml 第 {line} 行第 {error.column} 列：" in error.text("zh-hans")
    assert near is None or near in error.text("en")


@pytest.mark.parametrize(
    "text", ["", "[]", "word", "a: [", "\t", "a: b: c", "x" * 200_001, "a: \x07", "[" * 100_000, "1: 2"]
)
def test_what_is_no_pack_at_all(text: str) -> None:
    with pytest.raises(PackError) as caught:
        load(text)
    assert caught.value.line >= 1
    assert caught.value.text("zh")


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_change_of_a_pack_ends_in_anything_but_a_pack_or_its_error(data: st.DataObject) -> None:
    text = shipped()["cn-2022-48h"]
    lines = text.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    change = data.draw(st.sampled_from(["drop", "twice", "cut", "indent", "junk"]))
    lines[at] = {
        "drop": "", "twice": lines[at] * 2, "cut": lines[at][: len(lines[at]) // 2] + "\n", "indent": "  " + lines[at],
        "junk": lines[at].rstrip("\n") + data.draw(st.sampled_from(["}", "{", ": x", " []", "$", '"', "&a", "\n- 1\n"])) + "\n",
    }[change]  # fmt: skip
    with contextlib.suppress(PackError):
        load("".join(lines))


def test_plain_words_stay_words() -> None:
    document = read("a: [on, yes, 10:00, 2020-03-01, 1_000, 0x10, ~, 1e3, 37.3, -2, true, null, '5']", "x")
    assert document.value["a"] == [
        "on", "yes", "10:00", "2020-03-01", "1_000", "0x10", "~", "1e3", 37.3, -2, True, None, "5",
    ]  # fmt: skip


def test_a_place_within_folded_and_quoted_text() -> None:
    text = "a: >-\n    one two\n    three\nb: 'x y'\nc: |\n  p\n  q r\n"
    document = read(text, "x")
    assert document.value == {"a": "one two three", "b": "x y", "c": "p\nq r\n"}
    assert document.inside(("a",), 1, 9) == (3, 5)
    assert document.inside(("b",), 1, 3) == (4, 7)
    assert document.inside(("c",), 2, 3) == (7, 5)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_pack_is_whole(name: str) -> None:
    pack = load(shipped()[name], name=name)
    assert pack.id == name
    assert len(pack.digest) == 64
    assert pack.sources
    said = [
        w
        for r in pack.requirements.values()
        for t in (r.title, r.message, r.remedy, r.door_message)
        for w in (t.zh, t.en)
    ]
    assert not [words for words in said if "$" in words]
    assert pack.permissions.keys() >= {"board", "enter", "work"}
    for permission in pack.permissions:
        assert str(pack.permission_formula(permission))
    formulas = [r.effective for r in pack.requirements.values()] + [colour.formula for colour in pack.colours]
    assert {kind for formula in formulas for kind in kinds_of(formula)} == set(pack.derivations)
    used = {name for needed in pack.permissions.values() for name in needed}
    used |= {
        r.name for r in pack.requirements.values() for colour in pack.colours if str(r.effective) in str(colour.formula)
    }
    assert used == set(pack.requirements)


def test_parameters_set_otherwise() -> None:
    hours = load(shipped()["cn-2022-48h"], parameters={"validity": 72})
    assert "$validity" in str(hours.requirements["tested_in_time"].formula)
    assert hours.parameters["validity"].seconds == 72 * 3_600
    assert hours.requirements["tested_in_time"].title.en == "negative test within 72 hours"
    with pytest.raises(PackError, match="validity"):
        load(shipped()["cn-2022-48h"], parameters={"validty": 72})
    with pytest.raises(PackError, match="choice"):
        load(shipped()["cn-2022-48h"], parameters={"test_clock": "sometime"})
    with pytest.raises(PackError, match="number"):
        load(shipped()["cn-2022-48h"], parameters={"validity": "long"})


# the schema


def _allows(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> bool:
    """A little of JSON Schema: enough for ours."""
    if "$ref" in schema:
        return _allows(root["$defs"][schema["$ref"].split("/")[-1]], value, root)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return any(_allows(one, value, root) for one in schema[word])
    if "enum" in schema or "const" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kind = schema.get("type")
    if kind == "object":
        return isinstance(value, dict) and _object(schema, value, root)
    if kind == "array":
        return isinstance(value, list) and all(_allows(schema["items"], one, root) for one in value)
    types: dict[str, Any] = {"string": str, "boolean": bool, "null": type(None), "integer": int, "number": (int, float)}
    return isinstance(value, types[str(kind)]) and (kind == "boolean" or not isinstance(value, bool))


def _object(schema: dict[str, Any], value: dict[str, Any], root: dict[str, Any]) -> bool:
    fields = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    more = schema.get("additionalProperties", not patterns)
    if not set(schema.get("required", ())) <= set(value):
        return False
    for key, one in value.items():
        if key in fields:
            if not _allows(fields[key], one, root):
                return False
        elif any(re.search(pattern, key) and _allows(said, one, root) for pattern, said in patterns.items()):
            continue
        elif more is False or (isinstance(more, dict) and not _allows(more, one, root)):
            return False
    return True


@pytest.mark.parametrize("name", shipped())
def test_the_schema_allows_every_shipped_pack(name: str) -> None:
    form = json.loads(json.dumps(schema()))
    value = read(shipped()[name], name).value
    assert _allows(form, value, form)
    assert not _allows(form, {**value, "more": 1}, form)
    assert not _allows(form, {key: value[key] for key in value if key != "derivations"}, form)
    assert not _allows(form, {**value, "facts": {"test": "sometimes"}}, form)


# packs and the ledger

LEDGER = {
    kind.name: RawKind(
        kind.subject, kind.shape, {f.name: RawField(f.type, f.choices, f.refers_to) for f in kind.fields}
    )
    for kind in KINDS.values()
}


@pytest.mark.parametrize("name", shipped())
def test_shipped_packs_read_facts_as_the_ledger_keeps_them(name: str) -> None:
    against(load(shipped()[name], name=name), LEDGER)


MISFIT: list[tuple[str, str, str, str | None]] = [
    ("where: {contact: true}", "where: {contacts: true}", "unknown_name", "contact"),
    ("where: {contact: true}", "where: {contact: maybe}", "wrong_condition", None),
    ("where: {contact: true}", "where: {contact: {at_least: 1}}", "wrong_condition", None),
    ("where: {contact: true}", "where: {whereabouts: {includes: away}}", "wrong_condition", None),
    ("[away, returning]", "[away, returnin]", "wrong_condition", "returning"),
    ("clock: reported_at", "clock: reporte_at", "unknown_name", "reported_at"),
    ("clock: reported_at", "clock: laboratory", "unknown_name", "reported_at"),
    ("after: sampled_at", "after: sampledat", "unknown_name", "sampled_at"),
    ("through: {kind: stay, field: division", "through: {kind: stay, field: place", "unknown_name", "division"),
    ("through: {kind: employment, field: employer}", "through: {kind: employment, field: employer, enclosing: true}",
     "not_a_division", None),
    ("through: {kind: employment, field: employer}", "through: {kind: arrival, field: site}", "wrong_subject", None),
    ("- {from: resumption, through: {kind: employment, field: employer}}", "- {from: resumption}", "wrong_subject", None),
    ("  survey: event", "  survey: state", "wrong_shape", None),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "near"), MISFIT, ids=[new for _, new, _, _ in MISFIT])
def test_a_pack_that_misreads_the_ledger(old: str, new: str, code: str, near: str | None) -> None:
    text = TEXT.replace(old, new, 1)
    if code == "wrong_subject":
        text = text.replace("  employment: state\n", "")
    with pytest.raises(PackError) as caught:
        against(load(text, name="town.yaml"), LEDGER)
    error = caught.value
    assert error.code == code
    assert near is None or near in error.near
    assert "from: " in text.splitlines()[error.line - 1]


def test_a_fact_that_no_ledger_keeps() -> None:
    text = TEXT.replace("contact: event", "contacts: event").replace("from: contact", "from: contacts")
    with pytest.raises(PackError) as caught:
        against(load(text), LEDGER)
    assert caught.value.near[0] == "contact"
