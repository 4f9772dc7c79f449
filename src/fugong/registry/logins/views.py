"""Pages for logins: the list, giving one, renewing its password, closing and opening it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fugong.base import clock, searching, services
from fugong.base.access import actor, requires
from fugong.base.models import User
from fugong.base.paging import page_of
from fugong.base.roles import given_by
from fugong.base.services import LoginError
from fugong.registry.forms import refuse
from fugong.registry.logins import queries
from fugong.registry.logins.codes import hand_out
from fugong.registry.logins.forms import NewLogin
from fugong.registry.models import Enterprise, Worker
from fugong.registry.queries import enterprise_of, worker_of


@requires("login.write")
@searching.searched("role")
def logins(request: HttpRequest) -> HttpResponse:
    """Every login that the user may give: search, role, paging."""
    user = actor(request)
    roles = given_by(user.role)
    text, role = searching.text(request), request.GET.get("role", "")
    page = page_of(request, queries.logins(user, text=text, role=role))
    context = {"page": page, "rows": queries.rows(list(page)), "q": text, "role": role, "roles": roles}
    return render(request, "registry/logins/list.html", context)


@requires("login.write")
def new(request: HttpRequest) -> HttpResponse:
    """Give somebody a login; ``?enterprise=`` says for whom, ``?worker=`` leads to the page that hands out a code."""
    user = actor(request)
    about = _about(request, user)
    if isinstance(about, Worker):
        return redirect("logins:code", about.pk)
    form = NewLogin(request.POST if request.method == "POST" else None, giver=user, about=about)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["role"] == "worker":
            return redirect("logins:code", given["scope_id"])
        try:
            password = services.add_login(
                username=given["username"], role=given["role"], scope_id=given["scope_id"], by=user.pk, now=clock.now()
            )  # fmt: skip
        except LoginError as error:
            refuse(form, error)
        else:
            return _shown_once(request, queries.login_named(user, given["username"]), password)
    context = {"form": form, "about": about}
    return render(request, "registry/logins/new.html", context, status=422 if form.errors else 200)


def _about(request: HttpRequest, user: User) -> Enterprise | Worker | None:
    """The worker or enterprise in the user's scope that the address names. Raises Http404 for any other."""
    try:
        if worker := request.GET.get("worker"):
            return worker_of(user, UUID(worker))
        if enterprise := request.GET.get("enterprise"):
            return enterprise_of(user, UUID(enterprise))
    except ValueError:
        raise Http404 from None
    return None


def _shown_once(request: HttpRequest, row: queries.Row, password: str) -> HttpResponse:
    """The password, for the only time, with what to tell the person."""
    context = {"row": row, "password": password, "address": request.build_absolute_uri(reverse("base:login"))}
    return render(request, "registry/logins/given.html", context)


@requires("login.write")
def renew(request: HttpRequest, login_id: UUID) -> HttpResponse:
    """A new password for somebody who has lost theirs; one's own is changed with the old one."""
    user = actor(request)
    row = queries.login_of(user, login_id)
    if row.login.pk == user.pk:
        return redirect("base:password")
    if row.login.role_name == "worker":
        return redirect("logins:code", row.login.scope_id)
    if request.method != "POST":
        return _confirm(request, row, "renew")
    return _shown_once(request, row, services.renew_password(login_id=login_id, by=user.pk, now=clock.now()))


@requires("login.write")
def close(request: HttpRequest, login_id: UUID) -> HttpResponse:
    """Nobody can sign in with it any more; who is signed in is signed out."""
    user = actor(request)
    row = queries.login_of(user, login_id)
    if request.method != "POST":
        return _confirm(request, row, "close")
    try:
        services.close_login(login_id=login_id, actor=user.pk)
    except LoginError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The login “%(name)s” is closed.") % {"name": row.login.username})
    return redirect("logins:logins")


@requires("login.write")
def reopen(request: HttpRequest, login_id: UUID) -> HttpResponse:
    """A closed login can be used again, with a new password; a worker's with a new one-time code."""
    user = actor(request)
    row = queries.login_of(user, login_id)
    if request.method != "POST":
        return _confirm(request, row, "open")
    password = services.open_login(login_id=login_id, by=user.pk, now=clock.now())
    if password is None:
        return hand_out(request, user, [UUID(str(row.login.scope_id))])
    return _shown_once(request, row, password)


def _confirm(request: HttpRequest, row: queries.Row, what: str) -> HttpResponse:
    return render(request, "registry/logins/confirm.html", {"row": row, "what": what})
