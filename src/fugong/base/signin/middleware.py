"""Where a visitor comes from; and what must be done first: changing a password that others know, a second step."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from fugong.base import problems
from fugong.base.middleware import API, Next
from fugong.base.signin.rules import compulsory, has_second_step

_ALWAYS = ("/login/", "/logout/", "/password/", "/second-step/", "/language/", "/healthz")


class BehindProxy:
    """The visitor's address as the one proxy in front names it (``FUGONG_PROXY``): the last one of ``X-Forwarded-For``.

    What stands before the last one is what the visitor claims. Without a proxy the header counts nothing.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.BEHIND_PROXY:
            named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            with suppress(ValueError):  # a proxy that names nobody: its own address stays
                request.META["REMOTE_ADDR"] = str(ip_address(named))
        return self.get_response(request)


class FirstThingsFirst:
    """Leads whoever has something to do first to the page where it is done; programs are told."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(_ALWAYS) or not request.user.is_authenticated:
            return self.get_response(request)
        user = request.user
        if user.password_to_change:
            return _lead(request, "base:password")
        if compulsory(user) and not has_second_step(user):
            return _lead(request, "mfa_activate_totp")
        return self.get_response(request)


def _lead(request: HttpRequest, page: str) -> HttpResponse:
    if request.path_info.startswith(API):
        return problems.of(request, 403, code="first_things_first")
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": reverse(page)})
    return redirect(page)
