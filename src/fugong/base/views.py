"""Signing in and out, the language, the way home, and whether the service is alive."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fugong.base import clock, services
from fugong.base.access import actor
from fugong.base.forms import OwnPassword, SignIn
from fugong.base.roles import ROLES

YEAR = 365 * 86_400


class Login(auth.LoginView):
    """The sign-in page; it leads on to the page that was asked for."""

    template_name = "base/login.html"
    authentication_form = SignIn
    redirect_authenticated_user = True
    extra_context = {"roles": list(ROLES.values())}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and remember when, by our own clock."""
        answer = super().form_valid(form)
        services.note_sign_in(login_id=actor(self.request).pk, now=clock.now())
        return answer


class Logout(auth.LogoutView):
    """Signing out, by a button only."""


class Password(auth.PasswordChangeView):
    """Changing one's own password; this session goes on, others of the same login end."""

    template_name = "base/password.html"
    form_class = OwnPassword
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Save it, keep the session, say so."""
        answer = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return answer

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        """The form again, with what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language that the visitor chose, and go back to where they were."""
    chosen = request.POST.get("language", "")
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = "/"
    response = HttpResponseRedirect(onward)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """Alive, and the database answers; 503 when it doesn't."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever is wrong with the database, the answer is the same
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "reachable"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or old: say so, and how to go on."""
    return render(request, "errors/csrf.html", status=403)
