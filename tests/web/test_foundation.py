"""What every page stands on: assets, policy, language, sign-in, errors, health."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.views.defaults import server_error

import builders
import fugong
from fugong.base.middleware import policy

AsRole = Callable[..., Client]
ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(fugong.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))


def vendor():
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools" / "vendor.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["vendor"] = module
    spec.loader.exec_module(module)
    return module


def test_vendored_files_are_those_that_are_listed():
    tool = vendor()
    assert tool.check() == []
    for package in tool.PACKAGES:
        assert (tool.FOLDER / package.folder / "LICENSE").is_file()


def test_a_changed_vendored_file_is_noticed(tmp_path, monkeypatch):
    import shutil

    tool = vendor()
    shutil.copytree(tool.FOLDER, tmp_path / "vendor")
    monkeypatch.setattr(tool, "FOLDER", tmp_path / "vendor")
    script = next((tmp_path / "vendor").rglob("htmx.min.js"))
    script.write_text(script.read_text() + " ")
    (tmp_path / "vendor" / "more.js").write_text("")
    assert tool.check() == [f"{script.relative_to(tool.FOLDER)} is missing or was changed", "more.js is in no package"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_hold_nothing_inline(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"https?://", text)


@pytest.mark.parametrize("script", sorted(PACKAGE.glob("*/static/**/*.js")), ids=lambda path: path.name)
def test_scripts_hold_no_han(script):
    assert not re.search(r"[\u4e00-\u9fff]", script.read_text(encoding="utf-8"))


def test_stylesheets_need_nothing_that_chrome_109_lacks():
    for path in [*PACKAGE.glob("*/static/**/*.css")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"oklch\(|color-mix\(|light-dark\(|@scope|:has\(", text), path


@pytest.mark.django_db
def test_every_answer_has_the_policy():
    answer = Client().get("/login/")
    assert answer.headers["Content-Security-Policy"] == policy()
    assert "unsafe" not in policy()
    assert "'wasm-unsafe-eval'" in policy(script_src=("'wasm-unsafe-eval'",))


@pytest.mark.django_db
def test_chinese_unless_chosen_otherwise():
    client = Client(headers={"accept-language": "en"})
    assert 'lang="zh-Hans"' in client.get("/login/").content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/login/?next=/town/"})
    assert answer.headers["Location"] == "/login/?next=/town/"
    page = client.get("/login/").content.decode()
    assert 'lang="en"' in page
    assert "Sign in" in page


@pytest.mark.django_db
@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_language_switch_leads_nowhere_else(onward):
    assert Client().post("/language/", {"language": "en", "next": onward}).headers["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_language_changes_nothing():
    client = Client()
    client.post("/language/", {"language": "xx", "next": "/"})
    assert 'lang="zh-Hans"' in client.get("/login/").content.decode()


@pytest.mark.django_db
def test_language_and_sign_out_by_post_only():
    assert Client().get("/language/").status_code == 405
    assert Client().get("/logout/").status_code == 405


@pytest.mark.django_db
def test_wrong_password_keeps_the_name_and_says_nothing_about_which():
    builders.user("bureau_reader", username="reader", password=builders.PASSWORD)
    client = Client()
    pages = [client.post("/login/", {"username": name, "password": "no"}).content.decode() for name in ("reader", "x")]
    assert 'value="reader"' in pages[0]
    assert all("用户名或密码" in page for page in pages)


@pytest.mark.django_db
def test_signed_in_and_out_again():
    builders.user("bureau_reader", username="reader", password=builders.PASSWORD)
    client = Client()
    answer = client.post("/login/?next=/protocols/", {"username": "reader", "password": builders.PASSWORD})
    assert answer.status_code == 302
    assert client.get("/protocols/").status_code == 200
    client.post("/logout/")
    assert client.get("/protocols/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "找不到页面"), ("en", "Not found")])
def test_a_wrong_address(language, words):
    client = Client()
    client.cookies["django_language"] = language
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_in_words():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "页面打开太久" in answer.content.decode()


def test_the_page_for_our_own_errors_needs_no_database():
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode()


@pytest.mark.django_db
def test_healthz():
    assert Client().get("/healthz").json() == {"status": "ok", "database": "reachable"}


@pytest.mark.django_db
def test_healthz_without_a_database(monkeypatch):
    def broken():
        raise connection.Database.OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", broken)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "unavailable"


@pytest.mark.django_db
def test_a_part_of_a_page_takes_the_whole_page_to_the_sign_in():
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/workers/?q=w"}
    answer = Client(headers=asked).get("/workers/?q=wm")
    assert answer.headers["HX-Redirect"] == "/login/?next=/workers/%3Fq%3Dw"
    # What was sent from a page leads back to that page: its own address answers nobody who merely opens it.
    plain = Client()
    sent = plain.post("/notices/reminders/", headers={"referer": "http://testserver/notices/channels/?page=2"})
    assert sent.headers["Location"] == "/login/?next=/notices/channels/%3Fpage%3D2"
    elsewhere = plain.post("/notices/reminders/", headers={"referer": "https://elsewhere.example/"})
    assert elsewhere.headers["Location"] == "/login/?next=/notices/reminders/"
    assert answer.content == b""


def test_pages_of_somebody_who_signed_in_are_not_kept(as_role: AsRole):
    assert as_role("bureau_reader").get("/workers/").headers["Cache-Control"] == "no-store"
    assert "no-store" not in Client().get("/healthz").headers.get("Cache-Control", "")
