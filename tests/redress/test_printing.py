"""The font covers what it says; a character without a glyph is never left out in silence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import builders
from fugong.base import fonts, paper
from fugong.ledger.models import Fact
from fugong.redress import printing, services
from fugong.redress.export import person_file
from fugong.redress.models import Request
from fugong.redress.services import File, Right
from fugong.registry.models import Worker
from redress.conftest import client_of


def test_the_list_of_characters_is_the_fonts_own():
    (path,) = fonts.FOLDER.glob("*.otf")
    font = TTFont(path)
    covered = font.getBestCmap()
    assert all(fonts.covers(chr(code)) for code in covered)
    beside = [code + 1 for code in covered if code + 1 not in covered]
    assert not any(fonts.covers(chr(code)) for code in beside)
    assert path.stat().st_size <= 5 * 2**20
    assert font["name"].getDebugName(1) == fonts.FAMILY


@pytest.mark.parametrize("text", ["张三", "䶮", "𬱖", "㛃", "ā é ℃ → · 〓", "Zoë O'Brien-Müller", "囍喆堃犇"])
def test_names_that_can_be_printed(text: str):
    assert fonts.unprintable(text) == []


def test_a_character_that_cannot_be_printed_is_marked_and_named():
    missing: dict[str, None] = {}
    assert paper.printable({"a": ["𠮷田🙂", "田"]}, missing) == {"a": ["〓田〓", "田"]}
    assert list(missing) == ["𠮷", "🙂"]
    assert "U+20BB7, U+1F642" in printing._missing(list(missing))


@pytest.mark.django_db
def test_everything_in_the_data_is_in_the_document(place):
    worker = Worker.objects.get(pk=place.workers["fevered"])
    Worker.objects.filter(pk=worker.pk).update(name="𠮷田")
    worker.refresh_from_db()
    data = person_file(worker, builders.NOW)
    shown = json.dumps(printing._document(data), ensure_ascii=False)
    for fact in data["facts"]:
        assert fact["title"] in shown
        assert fact["purpose"] in shown
        assert all(word["value"] in shown for word in fact["words"])
    for permission in data["permissions"]:
        assert all(reason["message"] in shown and reason["remedy"] in shown for reason in permission["reasons"])
    assert data["person"]["name"] in shown
    assert printing.pdf(data).startswith(b"%PDF-")


def keys_of(value: object) -> set[str]:
    """Every key of a document, but for the raw values, whose keys are those of the fact kinds."""
    if isinstance(value, dict):
        return set(value) | {key for name, one in value.items() if name != "values" for key in keys_of(one)}
    return {key for one in value for key in keys_of(one)} if isinstance(value, list) else set()


@pytest.mark.django_db
def test_every_key_of_the_file_is_documented(place):
    login = builders.user("worker", place.workers["fevered"], "fevered")
    fact = Fact.objects.get(subject=place.workers["fevered"], kind="temperature")
    services.file_correction(
        worker=place.workers["fevered"], fact=fact.pk, wrong="misread", right=Right({"celsius": 36.8}, fact.start),
        evidence=[File("a.png", b"\x89PNG\r\n\x1a\n")], actor=login.pk, now=builders.NOW,
    )  # fmt: skip
    services.grant(
        request_id=Request.objects.get().pk, answer="yes", actor=place.users["town_administrator"].pk, now=builders.NOW
    )
    client = client_of(place.users["enterprise_clerk"])
    client.get(f"/workers/{place.workers['fevered']}/file/")
    data = person_file(Worker.objects.get(pk=place.workers["fevered"]), builders.NOW)
    assert data["looks"]
    assert data["requests"][0]["right"]["words"]
    assert any(one["corrected"] for one in data["facts"])
    page = (Path(__file__).resolve().parents[2] / "docs" / "person-file.md").read_text(encoding="utf-8")
    assert keys_of(data) <= set(re.findall(r"`([a-z_]+)(?:\[\])?`", page))
