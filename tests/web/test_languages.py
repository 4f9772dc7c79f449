"""Every page of every role: no Han text in English, no English in Chinese, outside data and a short list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

import builders
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.clearance.models import Adoption
from fugong.core.protocol.pack import shipped
from fugong.ledger.kinds import KINDS
from fugong.ledger.models import Fact
from fugong.notices.wording import BUILT_IN
from fugong.registry.divisions import name_of
from fugong.registry.models import Division, Door, Employment, Enterprise, Patch, Site, Worker
from web.pages import Page, walk

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u4e00-\u9fff]+")
VARIABLE = re.compile(r"\{[a-z_]+\}")
"""What stands in braces in an office's layout or in a notice is a name, the same in both languages."""
LATIN = re.compile(r"[A-Za-z][A-Za-z]+")
ALLOWED = {
    line.split("#")[0].strip()
    for line in (Path(__file__).parent / "allowed_words.txt").read_text(encoding="utf-8").splitlines()
} - {""}


def _texts_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _texts_in(item)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts_in(item)]
    return []


def data() -> list[str]:
    """Everything that people entered: what is left of a page without it is ours. Longest first."""
    found: list[str] = list(shipped())
    for model, fields in (
        (Enterprise, ("name", "key", "credit_code")), (Site, ("name",)), (Door, ("name",)), (Patch, ("name",)),
        (Division, ("name", "code")), (Worker, ("name", "initials", "address")), (User, ("username",)),
        (Employment, ("workshop", "post", "badge")), (Adoption, ("pack", "version")),
    ):  # fmt: skip
        for row in model.objects.values_list(*fields):
            found.extend(text for text in row if text)
    for kind, values, source in Fact.objects.values_list("kind", "values", "source"):
        chosen = {field.name for field in KINDS[kind].fields if field.type == "choice"}  # our words, to be translated
        found.extend(_texts_in({name: value for name, value in values.items() if name not in chosen}))
        found.append(source.partition(":")[2])
        if values.get("division", "") or values.get("origin_division") or values.get("from_division"):
            found.extend(name_of(v) for v in values.values() if isinstance(v, str) and v.isdigit() and len(v) >= 6)
    for code, said in BUILT_IN.items():  # texts of notices, in both languages wherever they are written or shown
        found += [code, *(VARIABLE.sub(" ", part) for text in (said.title, said.text) for part in (text.zh, text.en))]
    names = [text for text in found if len(text) > 1 and not text.isdigit()]
    return sorted({*names, *(f"{n[0]} * {n[-1]}" for n in names), *(f"{n[0]} *" for n in names)}, key=len, reverse=True)


def remainder(text: str, known: list[str]) -> str:
    """What is left of a text without what people entered; short Latin data (initials) is no part of a longer word."""
    text = VARIABLE.sub(" ", text)
    for word in known:
        if word in text:
            latin = word.isascii() and word.isalpha()
            text = re.sub(rf"(?<![A-Za-z]){word}(?![A-Za-z])", " ", text) if latin else text.replace(word, " ")
    return text


def foreign_words(page: Page, language: str, known: list[str]) -> list[str]:
    """The words of a page that are of the other language, each with the text in which it stands."""
    found = []
    for text in page.texts:
        rest = remainder(text, known)
        words = HAN.findall(rest) if language == "en" else LATIN.findall(rest)
        found.extend(f"{word!r} in {text[:80]!r}" for word in words if word not in ALLOWED)
    return found


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_one_language(client, role, language):
    place = builders.place()
    client.force_login(place.users[role])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    known, pages = data(), list(walk(client))
    known = sorted(
        {*known, *data()}, key=len, reverse=True
    )  # forms that are sent make something, too: logins of devices
    foreign = [
        f"{path} ({how}): {word}" for path, how, page in pages for word in foreign_words(page, language, known)
    ]  # fmt: skip
    assert len(pages) > 1
    assert foreign == [], "\n".join(dict.fromkeys(foreign))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["/login/", "/no-such-page/"])
def test_what_strangers_see(client, path, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    from web.pages import read

    page = read(client.get(path).content.decode())
    for text in page.texts:
        found = HAN.findall(text) if language == "en" else LATIN.findall(text)
        assert [word for word in found if word not in ALLOWED] == [], text


def test_scripts_hold_no_words():
    """Words in scripts come from ``data-`` attributes that templates fill; a script has no Han and no sentence."""
    root = Path(settings.BASE_DIR if hasattr(settings, "BASE_DIR") else Path(__import__("fugong").__file__).parent)
    scripts = [path for path in root.rglob("static/**/*.js") if "vendor" not in path.parts]
    assert scripts
    for script in scripts:
        source = re.sub(r"//[^\n]*|/\*.*?\*/", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not HAN.search(source), script.name
        for literal in re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'", source):
            words = " ".join(literal).strip()
            assert not re.fullmatch(r"[A-Z][a-z]+( [a-z]+){2,}[.!?]?", words), (script.name, words)
