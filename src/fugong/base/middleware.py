"""What every request and answer goes through: plain addresses, content security policy, language, problem documents."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.defaults import bad_request

from fugong.base import access, clock, problems

API = "/api/"
_CODES = {400: "not_understood", 404: "not_found", 405: "method_not_allowed", 500: "failed"}
Next = Callable[[HttpRequest], HttpResponse]

_POLICY: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:", "blob:"),
    "media-src": ("'self'", "blob:"),
    "worker-src": ("'self'",),
    "object-src": ("'none'",),
    "base-uri": ("'self'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}


def policy(**more: tuple[str, ...]) -> str:
    """The content security policy, with sources added: ``policy(script_src=("'wasm-unsafe-eval'",))``.

    A view that needs more than the strict policy sets the header ``Content-Security-Policy`` itself.
    """
    added = {name.replace("_", "-"): sources for name, sources in more.items()}
    return "; ".join(f"{name} {' '.join((*sources, *added.get(name, ())))}" for name, sources in _POLICY.items())


class ContentSecurityPolicy:
    """Only our own files may run or style a page: nothing inline, nothing from elsewhere. No page of a session is kept."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.strict = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.strict)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # pages with names of people stay on no shared computer
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        return response


class ChosenLanguage:
    """Chinese, unless the visitor chose otherwise (a cookie).

    What the browser asks for counts only where programs ask (``/api/``): many computers of Chinese offices say English.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response


def _language(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in dict(settings.LANGUAGES):
        return str(chosen)
    if request.path_info.startswith(API):
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE


class PlainAddresses:
    """No control characters in addresses: the database knows no NUL, and nobody types one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in unquote(request.META.get("QUERY_STRING", "")) or "\0" in request.path_info:
            if request.path_info.startswith(API):
                return problems.of(request, 400, code="control_characters")
            return bad_request(request, SuspiciousOperation())
        return self.get_response(request)


class ProblemDocuments:
    """Whatever goes wrong below ``/api/`` is a problem document, also where no view was reached or one failed.

    Every answer there says what time it is here (``Fugong-Now``, epoch seconds): devices set their clocks by it.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        if request.path_info.startswith(API):
            response.headers["Fugong-Now"] = str(clock.now())
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kind = response.headers.get("Content-Type", "")
        if not request.path_info.startswith(API) or response.status_code < 400 or kind.startswith(problems.KIND):
            return response
        problem = problems.of(request, response.status_code, code=_CODES.get(response.status_code, ""))
        for name in ("Allow", "WWW-Authenticate"):
            if name in response.headers:
                problem.headers[name] = response.headers[name]
        return problem


_NOBODYS = {"/healthz"}
"""Addresses that answer without a database."""


class ActingForVisitor:
    """One transaction a request, under the scope of whoever is signed in; what fails on our side changes nothing.

    Until it is known who that is, only logins can be read.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in _NOBODYS:
            return self.get_response(request)
        origin = request.META.get("REMOTE_ADDR", "")
        with access.acting(access.as_sign_in(origin=origin)):
            if request.user.is_authenticated:
                access.switch(access.as_user(request.user, purpose=purpose_of(request), origin=origin))
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


def purpose_of(request: HttpRequest) -> str:
    """What a request is for: its method and its address without anybody's id."""
    try:
        return f"{request.method} /{resolve(request.path_info).route}"
    except Resolver404:
        return f"{request.method} ?"
