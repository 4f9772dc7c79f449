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
from django.http import HttpResponse

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
