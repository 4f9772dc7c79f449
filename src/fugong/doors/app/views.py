"""What a browser needs of the door app. Nobody is signed in here: the device says who it is in each request that it makes."""

from __future__ import annotations

import json
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from fugong.base import offline
from fugong.base.faults import Fault
from fugong.base.middleware import policy
from fugong.clearance import devices
from fugong.doors.app.words import OVERRIDES, PURPOSES, QUESTIONS, WORDS

_STYLES = ("vendor/bootstrap-5.3.9/bootstrap.min.css", "fugong/fugong.css", "doors/app/app.css")
_ICONS = "fugong/icons.svg"
_WASM = "vendor/zxing-wasm-3.1.3/zxing_reader.wasm"
_SCRIPTS = "doors/app"
_VENDORED = ("vendor/idb-8.0.4", "vendor/cborg-6.1.5", "vendor/barcode-detector-3.2.2")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The one page of the app, the same for everybody."""
    response = HttpResponse(_page())
    response["Content-Security-Policy"] = policy(script_src=("'wasm-unsafe-eval'",))
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
    """The service worker: which files make this version, each with its hash, so that a version is whole or isn't."""
    made = [(reverse("doors:app"), _page), (reverse("doors:app_manifest"), _manifest)]
    made += [(reverse("doors:app_words", args=[language]), partial(_words, language)) for language in offline.LANGUAGES]
    files = (*_STYLES, offline.ICON, _ICONS, *offline.scripts(_SCRIPTS, *_VENDORED), _WASM)
    return offline.worker(name="fugong-door", page=reverse("doors:app"), made=made, files=files)


def _page() -> bytes:
    with translation.override(offline.LANGUAGES[0]):
        return render_to_string(
            "doors/app.html",
            {
                "styles": [offline.address(name) for name in _STYLES],
                "main": offline.address("doors/app/main.js"),
                "wasm": offline.address(_WASM),
                "icon": offline.address(offline.ICON),
                "icons": offline.address(_ICONS),
                "overrides": list(OVERRIDES),
                "purposes": list(PURPOSES),
                "questions": list(QUESTIONS),
            },
        ).encode()


def _words(language: str) -> bytes:
    with translation.override(language):
        said = {name: str(text) for name, text in WORDS.items()}
        said |= {code: Fault(code).message for code in devices.reasons()}
        return json.dumps(said, ensure_ascii=False).encode()


def _manifest() -> bytes:
    with translation.override(offline.LANGUAGES[0]):
        return offline.manifest(reverse("doors:app"), str(WORDS["door"]))
