"""``fugong evaluate``: against the oracle, with any layout of the file, and what it says of wrong input."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases import Case, Facts, cases, packed, truth, unpacked
from fugong.core.protocol import evaluate
from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.project.cli import evaluate as evaluating
from fugong.project.cli import facts_file, facts_scan
from fugong.project.cli.evaluate import command

FORMULA = "once[0,10] test.negative and not fever"


def run(*arguments: str, text: str | bytes = "", language: str = "en") -> Result:
    with translation.override(language):
        return CliRunner().invoke(command, list(arguments), input=text)


def evaluated(formula: str, rows: list[dict[str, Any]] | str, *more: str) -> list[dict[str, Any]]:
    text = rows if isinstance(rows, str) else "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    result = run("--formula", formula, "--facts", "-", *more, text=text)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def rows_of(lanes: tuple[Facts, ...], chance: random.Random) -> list[dict[str, Any]]:
    """The facts as a file may hold them: in any order, as numbers or as texts."""

    def moment(t: int | None) -> int | str | None:
        if t is None or chance.random() < 0.7:
            return t
        return datetime.fromtimestamp(t, UTC).isoformat().replace("+00:00", chance.choice(["Z", "+00:00"]))

    rows: list[dict[str, Any]] = []
    for i, facts in enumerate(lanes):
        for kind, intervals in facts.items():
            for start, end in intervals:
                row = {"subject": f"员工-{i}" if i % 2 else f"w{i}", "kind": kind}
                if start is not None and end == start + 1:
                    rows.append({**row, "at": moment(start)})
                else:
                    rows.append({**row, "from": moment(start), "to": moment(end)})
    # a kind that no formula speaks of, so that everybody is in the file
    rows += [{"subject": f"员工-{i}" if i % 2 else f"w{i}", "kind": "here", "at": 5} for i in range(len(lanes))]
    rows += [{"subject": "nobody", "kind": kind, "at": 3} for kind in "abc"]
    chance.shuffle(rows)
    return rows


@settings(max_examples=60, deadline=None)
@given(cases(least=2), st.randoms(use_true_random=False), st.integers(64, 500), st.integers(1, 6), st.integers(1, 3))
def test_answers_like_the_oracle(case: Case, chance: random.Random, block: int, memory: int, most: int) -> None:
    rows = rows_of(case.lanes, chance)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts_file, "BLOCK", block)
        patch.setattr(facts_file, "IN_MEMORY", 4 * memory)
        patch.setattr(facts_file, "MOST_LANES", most)
        found = evaluated(str(case.formula), rows)
    assert [f["subject"] for f in found] == list(dict.fromkeys(r["subject"] for r in rows))
    by_subject = {f["subject"]: [tuple(pair) for pair in f["intervals"]] for f in found}
    for i, intervals in enumerate(truth(case)):
        assert by_subject[f"员工-{i}" if i % 2 else f"w{i}"] == intervals


WORDS = (
    '"subject" "kind" "at" "from" "to" "x" "a" "\\u0061" "甲" "" null true 1.5 0 -0 5 -7 007 12 99999999999 '
    '123456789012345 1e3 "1970-01-01T00:00:09Z" { } [ ] : , " \\'
)
parts = st.sampled_from([*WORDS.split(" "), " ", "\t", "\r"])
fields = st.lists(st.tuples(parts, parts).map(lambda p: f"{p[0]}: {p[1]}"), max_size=4)
usual = st.tuples(
    st.sampled_from(['"subject": "a"', '"subject":"甲"', '"subject" :\t"b"']), st.sampled_from(['"kind": "fever"'])
).flatmap(lambda p: fields.flatmap(lambda more: st.permutations([*p, '"at": 5', *more])))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(st.lists(parts, max_size=12).map("".join), fields.map(", ".join), usual.map(", ".join)).flatmap(
            lambda s: st.sampled_from([s, "{" + s + "}", "{ " + s + " }"])
        ),
        max_size=4,
    )
)
def test_the_quick_reader_agrees_with_the_slow_one(lines: list[str]) -> None:
    text = GOOD + "".join(line + "\n" for line in lines)
    quick = run("--formula", "fever", "--facts", "-", text=text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts_scan, "scan", lambda _block, at, *_rest: (facts_scan.SLOW, at, 0))
        slow = run("--formula", "fever", "--facts", "-", text=text)
    assert (quick.exit_code, quick.stdout, quick.stderr) == (slow.exit_code, slow.stdout, slow.stderr)


def test_the_shape_of_a_line() -> None:
    text = '{"subject": "甲\\"\\u0041", "kind": "fever", "at": 5}\n{"subject":"b","kind":"fever","from":null,"to":7}\n'
    result = run("--formula", "not fever", "--facts", "-", text=text)
    assert result.stdout == (
        '{"subject": "甲\\"A", "intervals": [[null, 5], [6, null]]}\n{"subject": "b", "intervals": [[7, null]]}\n'
    )


def test_escaped_and_plain_names_are_the_same() -> None:
    found = evaluated(
        "once[0,1] a or b",
        '{"subject": "\\u7532", "kind": "\\u0061", "at": 5}\n{"kind": "b", "at": 9, "subject": "甲", "note": [1]}',
    )
    assert found == [{"subject": "甲", "intervals": [[5, 7], [9, 10]]}]


def test_clipping() -> None:
    rows = [{"subject": "a", "kind": "fever", "from": 10, "to": 20}, {"subject": "b", "kind": "x", "at": 1}]
    assert evaluated("fever", rows, "--from", "12", "--to", "1970-01-01T00:00:15Z") == [
        {"subject": "a", "intervals": [[12, 15]]},
        {"subject": "b", "intervals": []},
    ]
    assert [f["intervals"] for f in evaluated("not fever", rows, "--from", "12")] == [[[20, None]], [[12, None]]]
    assert [f["intervals"] for f in evaluated("not fever", rows, "--to", "12")] == [[[None, 10]], [[None, 12]]]
    assert [f["intervals"] for f in evaluated("not fever", rows)] == [[[None, 10], [20, None]], [[None, None]]]


def test_what_a_file_may_look_like() -> None:
    line = '{"subject": "a", "kind": "fever", "at": 5}'
    wanted = [{"subject": "a", "intervals": [[5, 6]]}]
    for text in (line, line + "\r\n", "\ufeff" + line, f"\n \n{line}\n\n"):
        assert evaluated("fever", text) == wanted
    assert evaluated("fever", "") == []
    assert evaluated("fever", "\ufeff\n") == []


def test_documented_kinds_are_false_where_the_file_has_none(tmp_path: Path) -> None:
    file = tmp_path / "facts.ndjson"
    file.write_text('{"subject": "a", "kind": "own.kind", "at": 5}\n', encoding="utf-8")
    result = run("--formula", "own.kind and not fever", "--facts", str(file))
    assert result.stdout == '{"subject": "a", "intervals": [[5, 6]]}\n'


@pytest.mark.parametrize(
    ("formula", "says", "suggests"),
    [
        ("tset.negative", "line 1, column 1: unknown kind tset.negative", "test.negative"),
        ("once own.kid", "line 1, column 6: unknown kind own.kid", "own.kind"),
        ("once[2,1] fever", "ends before it begins", ""),
        ("fever or", "too early", ""),
    ],
)
def test_wrong_formulas(formula: str, says: str, suggests: str) -> None:
    result = run("--formula", formula, "--facts", "-", text='{"subject": "a", "kind": "own.kind", "at": 5}\n')
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert suggests in result.stderr


GOOD = '{"subject": "a", "kind": "fever", "at": 5}\n'
WRONG_LINES = [
    ("hello", "no JSON object"),
    ("[1]", "no JSON object"),
    ('{"subject": "a", "kind": "fever", "at": 5', "no JSON object"),
    ("[" * 100_000, "no JSON object"),
    ('{"subject": "a", "kind": "fever", "at": 1' + "0" * 5000 + "}", "no JSON object"),
    ('{"kind": "fever", "at": 5}', "“subject” is missing"),
    ('{"subject": "", "kind": "fever", "at": 5}', "“subject” is missing"),
    ('{"subject": 7, "kind": "fever", "at": 5}', "“subject” is missing"),
    ('{"subject": "a", "at": 5}', "“kind” is missing"),
    ('{"subject": "\\ud800", "kind": "fever", "at": 5}', "half a character"),
    ('{"subject": "a", "kind": "fever"}', "either “at”"),
    ('{"subject": "a", "kind": "fever", "from": 5}', "either “at”"),
    ('{"subject": "a", "kind": "fever", "at": 1, "from": 5, "to": 6}', "either “at”"),
    ('{"subject": "a", "kind": "fever", "at": 5.5}', "“at” is no moment: 5.5"),
    ('{"subject": "a", "kind": "fever", "at": true}', "“at” is no moment: true"),
    ('{"subject": "a", "kind": "fever", "at": null}', "“at” is no moment: null"),
    ('{"subject": "a", "kind": "fever", "at": 99999999999}', "“at” is no moment"),
    ('{"subject": "a", "kind": "fever", "at": "2020-03-09 08:00"}', "“at” is no moment"),
    ('{"subject": "a", "kind": "fever", "at": "2020-03-09T08:00:00"}', "“at” is no moment"),
    ('{"subject": "a", "kind": "fever", "at": "2020-02-30T08:00:00Z"}', "“at” is no moment"),
    ('{"subject": "a", "kind": "fever", "from": 6, "to": 6}', "“to” is not after “from”"),
    ('{"subject": "a", "kind": "fever", "from": 7, "to": 6}', "“to” is not after “from”"),
]


@pytest.mark.parametrize(("line", "says"), WRONG_LINES)
@pytest.mark.parametrize("before", [0, 3])
def test_wrong_lines(line: str, says: str, before: int, tmp_path: Path) -> None:
    file = tmp_path / "facts.ndjson"
    file.write_text(GOOD * before + "\n" * before + line + "\n" + GOOD, encoding="utf-8")
    result = run("--formula", FORMULA, "--facts", str(file))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{file}, line {2 * before + 1}:" in result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_wrong_encoding_and_endless_lines(tmp_path: Path) -> None:
    file = tmp_path / "facts.ndjson"
    file.write_bytes(GOOD.encode() * 2 + GOOD.replace("a", "甲").encode("gb18030"))
    result = run("--formula", "fever", "--facts", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file}, line 3: this is not UTF-8" in result.stderr
    file.write_bytes(GOOD.encode() + b" " * (9 << 20))
    result = run("--formula", "fever", "--facts", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file}, line 2: the line is longer" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--facts", "-"], "Give either"),
        (["--formula", "fever", "--permission", "work", "--facts", "-"], "Give either"),
        (["--protocol", "pack.yaml", "--facts", "-"], "Give either"),
        (["--formula", "fever", "--facts", "/nowhere/facts"], "no such file"),
        (["--formula", "fever", "--facts", "/"], "a folder"),
        (["--protocol", "/nowhere/pack.yaml", "--permission", "work", "--facts", "-"], "no such file"),
        (["--formula", "fever", "--facts", "-", "--from", "soon"], "is no moment"),
        (["--formula", "fever", "--facts", "-", "--from", "5", "--to", "5"], "--to must be after --from"),
    ],
)
def test_wrong_options(arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_a_pack_and_its_permission(tmp_path: Path) -> None:
    from fugong.core.protocol.pack import load, shipped

    name, text = next(iter(shipped().items()))
    pack = load(text, name=name)
    permission = next(iter(pack.permissions))
    file = tmp_path / "pack.yaml"
    file.write_text(text, encoding="utf-8")
    facts = GOOD + '{"subject": "b", "kind": "test.negative", "at": 5}\n'
    by_pack = run("--protocol", str(file), "--permission", permission, "--facts", "-", text=facts)
    assert by_pack.exit_code == 0, by_pack.output
    known = packed([{"fever": [(5, 6)]}, {"test.negative": [(5, 6)]}])
    expected = unpacked(evaluate(pack.permission_formula(permission), known, 2), 2)
    found = [json.loads(line) for line in by_pack.stdout.splitlines()]
    assert found == [{"subject": s, "intervals": [list(p) for p in e]} for s, e in zip("ab", expected, strict=True)]
    wrong = run("--protocol", str(file), "--permission", "fly", "--facts", "-", text=facts)
    assert wrong.exit_code == 2
    assert permission in wrong.stderr
    file.write_text("pack: [", encoding="utf-8")
    broken = run("--protocol", str(file), "--permission", permission, "--facts", "-", text=facts)
    assert broken.exit_code == 2
    assert str(file) in broken.stderr


@pytest.mark.parametrize(("line", "_says"), [*WRONG_LINES, ("tset.negative", "")])
def test_errors_in_chinese(line: str, _says: str) -> None:
    formula, text = ("fever", line + "\n") if line.startswith(("{", "[", "h")) else (line, GOOD)
    result = run("--formula", formula, "--facts", "-", text=text, language="zh-hans")
    assert result.exit_code == 2
    assert [c for c in result.stderr if "一" <= c <= "鿿"]
    assert not {"line", "missing", "Write", "either"} & set(result.stderr.replace(",", " ").split())


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t08:00:01+08:00", 1),
        ("1969-12-31 23:59:59.9z", -1),
        ("2020-03-09T18:00:00+08:00", 1_583_748_000),
        (1_583_748_000, 1_583_748_000),
    ],
)
def test_moments(text: object, seconds: int) -> None:
    assert facts_file.moment(text) == seconds


@pytest.mark.parametrize(
    "text", ["2020-W10-1T00:00:00Z", "20200309T000000Z", "1", "", None, 1.0, True, MINUS_INF, PLUS_INF, [], "٢"]
)
def test_no_moments(text: object) -> None:
    with pytest.raises(ValueError):
        facts_file.moment(text)


@pytest.mark.slow
def test_more_subjects_than_the_tables_first_hold() -> None:
    number = 30_000
    rows = "".join(f'{{"subject": "worker {i % number}", "kind": "k{i % 7}", "at": {i}}}\n' for i in range(2 * number))
    found = evaluated("once[0,0] (k0 or k1 or k2 or k3 or k4 or k5 or k6)", rows)
    assert [f["subject"] for f in found] == [f"worker {i}" for i in range(number)]
    assert [f["intervals"] for f in found] == [[[i, i + 1], [i + number, i + number + 1]] for i in range(number)]


def test_names_of_any_length() -> None:
    names = ["x" * n for n in (1, 20_000, 300_000, 900_000)]
    found = evaluated("fever", [{"subject": n, "kind": "fever", "at": 1} for n in names])
    assert [f["subject"] for f in found] == names


def test_what_is_on_disk_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_file, "IN_MEMORY", 4)
    monkeypatch.setattr(facts_file.tempfile, "tempdir", str(tmp_path))
    file = tmp_path / "facts.ndjson"
    file.write_text("".join(GOOD.replace("5", str(t)) for t in range(100)), encoding="utf-8")
    assert run("--formula", "fever", "--facts", str(file)).exit_code == 0
    file.write_text(file.read_text(encoding="utf-8") + '{"subject": "a", "kind": "fever", "at": "x"}', encoding="utf-8")
    assert run("--formula", "fever", "--facts", str(file)).exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["facts.ndjson"]


def test_progress_shows_on_a_terminal_after_two_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [100.0]
    monkeypatch.setattr(evaluating.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    bar = evaluating._Progress()
    bar.size = 200
    bar.reading(50, 1_000)
    assert capsys.readouterr().err == ""
    clock[0] += 3
    bar.reading(100, 2_000)
    shown = capsys.readouterr().err
    assert "50%" in shown
    assert "2,000" in shown
    bar.writing(3, 4)
    assert "75%" in capsys.readouterr().err
    bar.done()
    assert capsys.readouterr().err.endswith("\033[K")
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    quiet = evaluating._Progress()
    clock[0] += 3
    quiet.reading(100, 2_000)
    quiet.done()
    assert capsys.readouterr().err == ""
