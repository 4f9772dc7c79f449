"""What every answer goes through: the content security policy, and the language that the visitor chose."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

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
    if request.path_info.startswith("/api/"):
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE
