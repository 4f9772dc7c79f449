"""Before Django: an ordinary decision at a door takes the short way (``doors.short``); everything else, and whatever is
different about it, goes on to Django as it came.

A turnstile asks for each person. Django's middleware and the API's framework take longer over one question than the whole
decision does, and nothing of them is for devices: no session, no form, no language but what the answer has in both. What
they would have put into the answer's head stands here; a test holds the two ways together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import resolve
from django.utils import translation

from fugong.base import clock
from fugong.base.middleware import policy
from fugong.project import proxy

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
_ADDRESS = re.compile(r"/api/v1/doors/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/decide")
_MOST = 4096
"""Bytes of a body: one check has some hundred."""


class Shortly:
    """A WSGI application before another one."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = _door(environ)
        if found is None:
            return self.application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        answer = _answered(environ, found, body)
        if answer is None:
            environ["wsgi.input"] = BytesIO(body)
            return self.application(environ, start_response)
        head, said = answer
        start_response("200 OK", head)
        return [said]


def _door(environ: Environ) -> UUID | None:
    """The door of which a device asks for a decision; None for any other request."""
    if environ["REQUEST_METHOD"] != "POST" or environ.get("QUERY_STRING") or environ.get("HTTP_COOKIE"):
        return None
    address = _ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
    length = environ.get("CONTENT_LENGTH", "")
    if address is None or environ.get("SCRIPT_NAME") or not length.isdecimal() or not 0 < int(length) <= _MOST:
        return None
    if not environ.get("HTTP_AUTHORIZATION", "").startswith(("Fugong ", "Bearer ")):
        return None
    return UUID(address[1]) if _known_host(environ.get("HTTP_HOST", "")) else None


@lru_cache(maxsize=64)
def _known_host(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _answered(environ: Environ, door: UUID, body: bytes) -> tuple[list[tuple[str, str]], bytes] | None:
    from fugong.doors.short.check import Asked, decided

    told = dict(environ)
    proxy.settle(told)
    address, now = environ["PATH_INFO"], clock.now()
    asked = Asked(
        address, door, body, environ["HTTP_AUTHORIZATION"], told.get("REMOTE_ADDR", ""), _purpose(address)
    )  # fmt: skip
    said = decided(asked, now)
    if said is None:
        return None
    language = _language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    return _head(len(said), now, language, secure=told.get("wsgi.url_scheme") == "https"), said


_ROUTE: list[str] = []


def _purpose(address: str) -> str:
    """As ``middleware.purpose_of`` says it: the address without anybody's id is always the same one."""
    if not _ROUTE:
        _ROUTE.append(f"POST /{resolve(address).route}")
    return _ROUTE[0]


@lru_cache(maxsize=256)
def _language(accepted: str) -> str:
    request = SimpleNamespace(COOKIES={}, META={"HTTP_ACCEPT_LANGUAGE": accepted})
    return translation.get_language_from_request(request)  # type: ignore[arg-type]  # Django reads nothing else of it


def _head(length: int, now: int, language: str, *, secure: bool) -> list[tuple[str, str]]:
    head = [
        ("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(length)), ("Fugong-Now", str(now)),
        ("Content-Language", language), ("Vary", "Cookie"), ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("Content-Security-Policy", _POLICY), ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
    ]  # fmt: skip
    if secure and settings.SECURE_HSTS_SECONDS:
        head.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return head


_POLICY = policy()
