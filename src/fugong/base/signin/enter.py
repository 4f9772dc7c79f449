"""How a worker enters with a one-time code, typed or by a link."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fugong.base import access, clock
from fugong.base.signin import limits, services
from fugong.base.signin.forms import TypedCode


def typed(request: HttpRequest) -> HttpResponse:
    """The page where the code of a slip is typed."""
    form = TypedCode(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _enter(request, form.cleaned_data["code"])
        if isinstance(answer, HttpResponse):
            return answer
        form.add_error("code", answer)
    return render(request, "base/enter.html", {"form": form}, status=422 if form.errors else 200)


def link(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind a link: only a button, since programs open links by themselves; pressing it uses the code up."""
    answer = _enter(request, code) if request.method == "POST" else ""
    if isinstance(answer, HttpResponse):
        return answer
    return render(request, "base/enter_link.html", {"refused": answer}, status=422 if answer else 200)


def _enter(request: HttpRequest, code: str) -> HttpResponse | str:
    """Sign in with a code: the answer that leads on, or why not."""
    if limits.locked(request, "enter"):
        access.note("sign_in.locked_out")
        return _("Too many failed attempts. Wait fifteen minutes, then try again.")
    user = services.redeem(code=code, now=clock.now())
    if user is None:
        limits.failed(request, "enter")
        access.note("sign_in.failed")
        return _(
            "This code is wrong, was used already, or is older than three days. Ask your enterprise for a new one."
        )
    record_authentication(request, user, method="code")
    answer: HttpResponse = perform_login(request, Login(user=user))
    request.session.set_expiry(services.WORKERS_SESSION)
    return answer
