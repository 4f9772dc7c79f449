"""``fugong report`` on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from django.db import connection
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from demo_town import Town, loaded
from fugong.project.cli.report import command

pytestmark = pytest.mark.django_db
MOMENT = "2020-03-06T12:00:00+08:00"


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with django_db_blocker.unblock(), loaded("qinghe") as made:
        yield made


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_for_programs(town: Town) -> None:
    code, output = run("--as-of", MOMENT, "--known-at", MOMENT, "--format", "json")
    said = json.loads(output)
    assert code == 0
    assert (said["as_of"], said["known_at"], said["division"]) == (MOMENT, MOMENT, "330183199")
    assert said["figures"]["capacity.yunjin"] == {"numerator": 195_000, "denominator": 300_000, "rate": 0.65}


def test_known_now_unless_it_is_said(town: Town) -> None:
    _code, output = run("--as-of", MOMENT, "--format", "json")
    assert json.loads(output)["known_at"] > "2020-03-07"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Tested before work: 53 / 61 = 86.89%", "Registered in Hubei and not yet returned: 23", "/ 1 = 0.00%"]),
        ("zh-hans", ["上岗前核酸检测: 53 / 61 = 86.89%", "湖北籍未返岗员工: 23", "截至"]),
    ],
)
def test_for_people(town: Town, language: str, lines: list[str]) -> None:
    with translation.override(language):
        code, output = run("--as-of", "2020-03-06 12:00", "--known-at", MOMENT)
    assert code == 0
    for line in lines:
        assert line in output


@pytest.mark.parametrize("text", ["yesterday", "2020-02-30", "", "999999999999999", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize("option", ["--as-of", "--known-at"])
def test_a_wrong_moment_is_one_message(option: str, text: str) -> None:
    code, output = run(option, text)
    assert code == 2
    assert option in output
    assert "2020-03-09T18:00:00+08:00" in output
    assert "Traceback" not in output


def test_a_database_that_cannot_answer_is_one_message(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("fugong.reports.queries.town_code", _refused)
        code, output = run("--as-of", MOMENT)
    assert code == 2
    assert len(output.splitlines()) == 1
    assert connection.ensure_connection() is None


def _refused() -> str:
    from django.db import OperationalError

    raise OperationalError("connection refused\nsecond line")
