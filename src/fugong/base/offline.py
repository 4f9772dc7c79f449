"""What lets a browser keep an app: its files, each with its hash, and the service worker that keeps them whole.

The scripts that such apps share stand in ``static/fugong/offline``: the store, the outbox, keeping up with the server.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse

LANGUAGES = ("zh-hans", "en")
"""What an app speaks; its page is made in the first one."""
ICON = "fugong/icon.svg"
_SHARED = "fugong/offline"
_WORKER = f"{_SHARED}/worker.js"


def worker(
    *, name: str, page: str, made: Iterable[tuple[str, Callable[[], bytes]]], files: Iterable[str]
) -> HttpResponse:
    """The service worker of an app.

    ``name`` begins the names of its caches; ``page`` is the address that answers each navigation; ``made`` are addresses
    with what the server makes for them, ``files`` static files by their names.
    """
    listed = {at: _integrity(make()) for at, make in made} | {address(one): _integrity(static(one)) for one in files}
    text = json.dumps(listed, sort_keys=True)
    version = hashlib.sha256(text.encode()).hexdigest()[:16]
    head = f"const MINE = {json.dumps(f'{name}-')};\nconst VERSION = {json.dumps(version)};\nconst FILES = {text};\n"
    head += f"const PAGE = {json.dumps(page)};\n"
    response = HttpResponse(head + static(_WORKER).decode(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def words(language: str, make: Callable[[str], bytes]) -> HttpResponse:
    """An app's words in one of ``LANGUAGES``, as JSON. Raises Http404 for another one."""
    if language not in LANGUAGES:
        raise Http404
    response = HttpResponse(make(language), content_type="application/json")
    response["Content-Language"] = language
    return response


def manifest(at: str, name: str) -> bytes:
    """By what a browser installs the app whose page is ``at``."""
    said = {
        "id": at, "start_url": at, "scope": at, "display": "standalone", "name": name, "short_name": name,
        "background_color": "#f3f5f8", "theme_color": "#0b3a6f",
        "icons": [{"src": address(ICON), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False).encode()


@cache
def scripts(*folders: str) -> tuple[str, ...]:
    """The scripts of some static folders and those that every app shares, by their names; without the worker itself."""
    found = []
    for folder in (*folders, _SHARED):
        path = finders.find(folder)
        assert isinstance(path, str), folder
        found += [f"{folder}/{one.name}" for one in sorted(Path(path).glob("*.js"))]
    return tuple(name for name in found if name != _WORKER)


def address(name: str) -> str:
    """Where a static file is served. Modules import each other by their plain names: the hash says which version it is."""
    from django.conf import settings

    return f"{settings.STATIC_URL}{name}"


def static(name: str) -> bytes:
    """What stands in a static file."""
    found = finders.find(name)
    assert isinstance(found, str), name
    return Path(found).read_bytes()


def _integrity(content: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()
