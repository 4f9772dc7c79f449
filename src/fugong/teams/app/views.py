"""What a browser needs of the visit sheet. The page is the same for everybody and holds nothing of anybody."""

from __future__ import annotations

import json
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from fugong.base import offline
from fugong.teams.app.words import WORDS
from fugong.teams.services.pictures import MOST_BYTES

_STYLES = ("vendor/bootstrap-5.3.9/bootstrap.min.css", "fugong/fugong.css", "teams/app/app.css")
_SCRIPTS = ("teams/app", "vendor/idb-8.0.4")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The one page of the app, the same for everybody."""
    response = HttpResponse(_page())
    response["Content-Language"] = offline.LANGUAGES[0]
    return response


@require_GET
def words(request: HttpRequest, language: str) -> HttpResponse:
    """The app's words in one language."""
    return offline.words(language, _words)


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """By what a browser installs the app."""
    return HttpResponse(_manifest(), content_type="application/manifest+json")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: which files make this version, each with its hash."""
    made = [(reverse("teams:app"), _page), (reverse("teams:app_manifest"), _manifest)]
    made += [(reverse("teams:app_words", args=[language]), partial(_words, language)) for language in offline.LANGUAGES]
    files = (*_STYLES, offline.ICON, *offline.scripts(*_SCRIPTS))
    return offline.worker(name="fugong-visits", page=reverse("teams:app"), made=made, files=files)


def _page() -> bytes:
    with translation.override(offline.LANGUAGES[0]):
        context = {
            "styles": [offline.address(name) for name in _STYLES], "main": offline.address("teams/app/main.js"),
            "icon": offline.address(offline.ICON), "most": MOST_BYTES, "sign_in": settings.LOGIN_URL,
        }  # fmt: skip
        return render_to_string("teams/app.html", context).encode()


def _words(language: str) -> bytes:
    with translation.override(language):
        return json.dumps({name: str(text) for name, text in WORDS.items()}, ensure_ascii=False).encode()


def _manifest() -> bytes:
    with translation.override(offline.LANGUAGES[0]):
        return offline.manifest(reverse("teams:app"), str(WORDS["sheet"]))
