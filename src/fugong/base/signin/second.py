"""The second step: switching it on and off, recovery codes, and the step itself at sign-in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from fugong.base import access
from fugong.base.access import actor
from fugong.base.signin.forms import SecondStep, SecondStepAgain, SwitchOn
from fugong.base.signin.rules import advised, compulsory, has_second_step


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Whether the second step is on, and how many recovery codes are left."""
    user = actor(request)
    if not user.has_usable_password():
        raise Http404
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "on": has_second_step(user), "left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "advised": advised(user), "compulsory": compulsory(user),
    }  # fmt: skip
    return render(request, "base/second_step/overview.html", context)


class _Refusing(FormView):  # type: ignore[type-arg]  # at run time it takes none
    """A form that is refused answers 422; nobody without a password comes here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Authenticate(AuthenticateView):
    """The second step at sign-in."""

    template_name = "base/second_step/authenticate.html"
    form_class = SecondStep

    def form_invalid(self, form: SecondStep) -> HttpResponse:
        """The form again, with what is wrong; it counts for the lock-out."""
        access.note("sign_in.second_step_failed", username=self.stage.login.user.username)
        answer: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
        return answer


class Again(_Refusing, ReauthenticateView):
    """A code once more, before something that matters."""

    template_name = "base/again.html"
    form_class = SecondStepAgain


class On(_Refusing, ActivateTOTPView):
    """Switching it on: the picture for the phone, and a first code."""

    template_name = "base/second_step/on.html"
    form_class = SwitchOn

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the request, whose session keeps the secret meanwhile."""
        return {**super().get_form_kwargs(), "request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the secret in groups of four, for phones that can't take the picture."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {**context, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}

    def form_valid(self, form: SwitchOn) -> HttpResponse:
        """On from now."""
        answer: HttpResponse = super().form_valid(form)
        access.note("second_step.on")
        messages.success(self.request, _("The second step is on. Keep the recovery codes where your phone isn't."))
        return answer


class Off(_Refusing, DeactivateTOTPView):
    """Switching it off."""

    template_name = "base/second_step/off.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Off from now."""
        answer: HttpResponse = super().form_valid(form)
        access.note("second_step.off")
        messages.success(self.request, _("The second step is off."))
        return answer


class Codes(ViewRecoveryCodesView):
    """The recovery codes that are left."""

    template_name = "base/second_step/codes.html"


class NewCodes(_Refusing, GenerateRecoveryCodesView):
    """New recovery codes in place of the old ones."""

    template_name = "base/second_step/new_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """The old ones are void."""
        answer: HttpResponse = super().form_valid(form)
        access.note("second_step.new_codes")
        return answer
