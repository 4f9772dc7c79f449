"""What must be done first: changing a password that others know, a second step."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from fugong.base import problems
from fugong.base.middleware import API, Next
from fugong.base.signin.rules import compulsory, has_second_step

_ALWAYS = ("/login/", "/logout/", "/password/", "/second-step/", "/language/", "/healthz")


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
