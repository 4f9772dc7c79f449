"""``fugong keys``: what an operator sees of the signing keys, and does with them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import translation

import gatehouse as g
from cli.test_language import fugong, has_han
from fugong.doors import keys
from fugong.doors.models import SigningKey
from fugong.doors.passes import services
from fugong.project.cli.keys import command

NOW = g.SEVEN_FORTY


def said(*arguments: str, language: str = "en", answer: str | None = None, code: int = 0):
    with translation.override(language):
        done = CliRunner().invoke(command, arguments, input=answer, prog_name="fugong keys")
    assert done.exit_code == code, done.output
    return done


@pytest.mark.django_db
def test_nothing_yet_then_one_in_use_then_a_retired_one():
    assert "no signing key yet" in said("list").stdout
    assert json.loads(said("list", "--json").stdout) == []
    first = keys.in_use(now=NOW).kid
    (worker,) = g.hire(g.plant(), "王小明")
    services.badges(workers=[worker], now=NOW, actor=None)
    second = json.loads(said("rotate", "--json").stdout)["kid"]
    said("rotate", "--algorithm", "EdDSA")
    assert keys.in_use(now=NOW).kid == second
    rows = {one["kid"]: one for one in json.loads(said("list", "--json").stdout)}
    assert (rows[first]["verifies"], rows[first]["badges"]) == (True, 1)
    assert rows[second]["retired_at"] is None
    assert {one["algorithm"] for one in rows.values()} == {"ES256", "EdDSA"}
    for language in ("en", "zh-hans"):
        lines = said("list", language=language).stdout.splitlines()
        assert len(lines) == 3
        assert all(has_han(line) is (language == "zh-hans") for line in lines)


@pytest.mark.django_db
def test_nothing_secret_is_printed():
    key = keys.in_use(now=NOW)
    for printed in (said("list"), said("list", "--json"), said("rotate"), said("rotate", "--json")):
        assert key.private.hex() not in printed.output
        assert "private" not in printed.output


@pytest.mark.django_db
def test_a_key_is_removed_only_after_a_yes():
    old = keys.in_use(now=NOW).kid
    said("rotate")
    for answer in ("n\n", "\n", ""):
        refused = said("remove", old, answer=answer, code=2)
        assert "Nothing was removed." in refused.stderr
        assert refused.stdout == ""
        assert keys.known_key(old) is not None
    assert old in said("remove", old, answer="y\n").stdout
    assert keys.known_key(old) is None


@pytest.mark.django_db
def test_a_script_says_yes_beforehand():
    old = keys.in_use(now=NOW).kid
    said("rotate")
    assert json.loads(said("remove", old, "--yes", "--json").stdout) == {"removed": old, "badges": 0}
    assert SigningKey.objects.get(pk=old).removed_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_wrong_input_is_one_sentence_and_exit_code_2(language):
    current = keys.in_use(now=NOW).kid
    for arguments in (
        ("remove", current),
        ("remove", "00000000"),
        ("remove", "nonsense"),
        ("rotate", "--algorithm", "none"),
    ):
        refused = said(*arguments, language=language, code=2)
        assert len(refused.stderr.strip().splitlines()) == 1
        assert has_han(refused.stderr) is (language == "zh-hans")
    assert keys.in_use(now=NOW).kid == current


@pytest.mark.parametrize("arguments", [["keys", "--help"], ["keys", "list", "--help"], ["keys", "rotate", "--help"],
                                       ["keys", "remove", "--help"]])  # fmt: skip
def test_help_is_in_the_users_language(arguments):
    chinese, english = fugong(*arguments), fugong(*arguments, language="en_US.UTF-8")
    assert (chinese.returncode, english.returncode) == (0, 0)
    assert has_han(chinese.stdout) and not has_han(english.stdout)
