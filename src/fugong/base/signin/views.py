"""Signing in and out, one's own password, one's own sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.views import LoginView, ReauthenticateView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fugong.base import access
from fugong.base.access import actor
from fugong.base.roles import ROLES
from fugong.base.services import password_changed
from fugong.base.signin import limits, queries, services
from fugong.base.signin.forms import OwnPassword, OwnPasswordAgain, SignIn


class Login(LoginView):
    """The sign-in page; it leads on to the page that was asked for."""

    template_name = "base/login.html"
    form_class = SignIn

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the demo's logins."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "next": self.get_next_url() or "", "roles": list(ROLES.values()) if settings.DEMO else []}

    def form_invalid(self, form: SignIn) -> HttpResponse:
        """The form again, with what is wrong."""
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return answer


class Logout(auth.LogoutView):
    """Signing out, by a button only."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End this session."""
        if request.user.is_authenticated and request.session.session_key:
            access.note("sign_out")
            services.forget_sessions(keys=[request.session.session_key])
        return super().post(request, *args, **kwargs)


class Password(auth.PasswordChangeView):
    """Changing one's own password; this session goes on, others of the same login end."""

    template_name = "base/password.html"
    form_class = OwnPassword
    success_url = reverse_lazy("home")

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        """Who enters by one-time codes has no password to change."""
        user = self.request.user
        if user.is_authenticated and not user.has_usable_password():
            return redirect("base:sessions")
        return super().dispatch(*args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refused for a while after many wrong present passwords: a session left open isn't a way to guess them."""
        if limits.locked(request, "change_password", user=actor(request)):
            form = self.get_form()
            form.add_error(None, _("Too many failed attempts. Wait fifteen minutes, then try again."))
            return self.form_invalid(form)
        return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        """Who had to choose one goes on to work; whoever wanted to, back to a page that says so: kept start pages don't."""
        first = actor(self.request).password_to_change
        return super().get_success_url() if first else reverse("base:sessions")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Save it, keep the session, say so."""
        before = self.request.session.session_key
        user = actor(self.request)
        answer = super().form_valid(form)
        password_changed(login_id=user.pk)
        services.rename_session(before=before, after=self.request.session.session_key)
        services.end_sessions(user=user, but=self.request.session.session_key)
        messages.success(self.request, _("Your password is changed."))
        return answer

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        """The form again, with what is wrong."""
        if "old_password" in form.errors:
            limits.failed(self.request, "change_password", user=actor(self.request))
        return self.render_to_response(self.get_context_data(form=form), status=422)


class PasswordAgain(ReauthenticateView):
    """One's own password once more, before something that matters."""

    template_name = "base/again.html"
    form_class = OwnPasswordAgain

    def form_invalid(self, form: OwnPasswordAgain) -> HttpResponse:
        """The form again, with what is wrong."""
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return answer


@login_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """One's own sessions, and the codes that were handed out in one's name."""
    user = actor(request)
    shown, ended = queries.sessions_of(user, request.session.session_key)
    services.forget_sessions(keys=ended)
    context = {"sessions": shown, "codes": queries.codes_of(user)[:20], "others": sum(not one.current for one in shown)}
    return render(request, "base/sessions.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one of one's own sessions at once; this one too, if it is that."""
    user = actor(request)
    if not services.end_sessions(user=user, only=session_id):
        raise Http404
    messages.success(request, _("The session has ended."))
    return redirect("base:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    number = services.end_sessions(user=actor(request), but=request.session.session_key)
    said = ngettext("%(number)d other session has ended.", "%(number)d other sessions have ended.", number)
    messages.success(request, said % {"number": number})
    return redirect("base:sessions")
