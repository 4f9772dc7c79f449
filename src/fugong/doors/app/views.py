"""What a browser needs of the door app. Nobody is signed in here: the device says who it is in each request that it makes."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from fugong.base.middleware import policy
from fugong.doors.app.words import OVERRIDES, PURPOSES, QUESTIONS, WORDS

LANGUAGES = ("zh-hans", "en")
_STYLES = ("vendor/bootstrap-5.3.9/bootstrap.min.css", "fugong/fugong.css", "doors/app/app.css")
_ICON, _ICONS = "fugong/icon.svg", "fugong/icons.svg"
_WASM = "vendor/zxing-wasm-3.1.3/zxing_reader.wasm"
_SHARED = "fugong/offline/ids.js"
_VENDORED = ("vendor/idb-8.0.4", "vendor/cborg-6.1.5", "vendor/barcode-detector-3.2.2")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The one page of the app, the same for everybody."""
    response = HttpResponse(_page())
    response["Content-Security-Policy"] = policy(script_src=("'wasm-unsafe-eval'",))
    response["Content-Language"] = LANGUAGES[0]
    return response


@require_GET
def words(request: HttpRequest, language: str) -> HttpResponse:
    """The app's words in one language."""
    if language not in LANGUAGES:
        raise Http404
    response = HttpResponse(_words(language), content_type="application/json")
    response["Content-Language"] = language
    return response


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """By what a browser installs the app."""
    return HttpResponse(_manifest(), content_type="application/manifest+json")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: which files make this version, each with its hash, so that a version is whole or isn't."""
    files = {address: _integrity(content) for address, content in _served()}
    listed = json.dumps(files, sort_keys=True)
    version = hashlib.sha256(listed.encode()).hexdigest()[:16]
    script = _static("doors/app/worker.js").decode()
    head = f"const VERSION = {json.dumps(version)};\nconst FILES = {listed};\nconst PAGE = {json.dumps(reverse('doors:app'))};\n"
    response = HttpResponse(head + script, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def _page() -> bytes:
    with translation.override(LANGUAGES[0]):
        return render_to_string(
            "doors/app.html",
            {
                "styles": [_address(name) for name in _STYLES],
                "main": _address("doors/app/main.js"),
                "wasm": _address(_WASM),
                "icon": _address(_ICON),
                "icons": _address(_ICONS),
                "overrides": list(OVERRIDES),
                "purposes": list(PURPOSES),
                "questions": list(QUESTIONS),
            },
        ).encode()


def _words(language: str) -> bytes:
    with translation.override(language):
        return json.dumps({name: str(text) for name, text in WORDS.items()}, ensure_ascii=False).encode()


def _manifest() -> bytes:
    with translation.override(LANGUAGES[0]):
        said = {
            "id": reverse("doors:app"), "start_url": reverse("doors:app"), "scope": reverse("doors:app"), "display": "standalone",
            "name": str(WORDS["door"]), "short_name": str(WORDS["door"]), "background_color": "#f3f5f8", "theme_color": "#0b3a6f",
            "icons": [{"src": _address(_ICON), "sizes": "any", "type": "image/svg+xml"}],
        }  # fmt: skip
    return json.dumps(said, ensure_ascii=False).encode()


def _served() -> list[tuple[str, bytes]]:
    made = [(reverse("doors:app"), _page()), (reverse("doors:app_manifest"), _manifest())]
    made += [(reverse("doors:app_words", args=[language]), _words(language)) for language in LANGUAGES]
    return made + [(_address(name), _static(name)) for name in _files()]


@cache
def _files() -> tuple[str, ...]:
    main = finders.find("doors/app/main.js")
    assert isinstance(main, str)
    own = [f"doors/app/{path.name}" for path in sorted(Path(main).parent.glob("*.js")) if path.name != "worker.js"]
    vendored = []
    for folder in _VENDORED:
        found = finders.find(folder)
        assert isinstance(found, str)
        vendored += [f"{folder}/{path.name}" for path in sorted(Path(found).glob("*.js"))]
    return (*_STYLES, _ICON, _ICONS, _SHARED, *own, *vendored, _WASM)


def _address(name: str) -> str:
    # Modules import each other by their plain names; the worker's hashes, not the name, say which version a file is.
    from django.conf import settings

    return f"{settings.STATIC_URL}{name}"


def _static(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()


def _integrity(content: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()
