"""What allauth asks us: how failures count, what happens after a sign-in, how secrets are kept."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base import access, clock, personal
from fugong.base.middleware import purpose_of
from fugong.base.models import User
from fugong.base.signin import limits, services
from fugong.base.signin.backend import login_named, plain
from fugong.base.signin.rules import advised, compulsory, has_second_step

_LOCKED = gettext_lazy("Too many failed attempts. Wait fifteen minutes, then try again.")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by user name and password, with lock-out and with a record of every session."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _LOCKED,
        "rate_limited": _LOCKED,
        "incorrect_password": gettext_lazy("This is not your password."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of whoever is connected: what a client claims in a header counts nothing."""
        return str(request.META.get("REMOTE_ADDR") or "unknown")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: logins are given."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our own pages say what happened."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError while this address or this user name is locked out."""
        name = plain(str(credentials.get("username", ""))).lower()
        if limits.locked(request, "login_failed", key=name):
            access.note("sign_in.locked_out", username=_known(name))
            raise ValidationError(_LOCKED, code="locked")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it, for the address and for the user name."""
        name = plain(str(credentials.get("username", ""))).lower()
        limits.failed(request, "login_failed", key=name)
        access.note("sign_in.failed", username=_known(name))

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session; from here on the request is the user's."""
        methods = [record["method"] for record in get_authentication_records(request, user)]
        super().login(request, user)
        access.switch(access.as_user(user, purpose=purpose_of(request), origin=self.get_client_ip(request)))
        how = "totp" if "mfa" in methods else "code" if "code" in methods else "password"
        services.begin_session(request, user=user, how=how, now=clock.now())
        access.note("sign_in", how=how)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Lead on; who sees a whole town and has no second step is reminded of it."""
        if advised(user) and not has_second_step(user):
            messages.warning(request, _("Protect your login with a second step: press your name at the top right."))
        return redirect(kwargs.get("redirect_url") or self.get_login_redirect_url(request))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """A closed login: the sign-in page says so before anything reaches this."""
        return redirect("base:login")


def _known(name: str) -> str:
    """A user name for the audit: only one that exists, since people mistake the field and type their password there."""
    return name if login_named(name) else ""


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets of the second step are encrypted with the key of personal data."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is wrong or was used already. Wait for the next one."),
        "cannot_delete_authenticator": gettext_lazy("Your role needs the second step: it cannot be switched off."),
    }

    def encrypt(self, text: str) -> str:
        """For the database."""
        return personal.encrypt(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return personal.decrypt(bytes.fromhex(encrypted_text))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not where the second step is compulsory."""
        return not compulsory(authenticator.user)

    def get_totp_label(self, user: User) -> str:
        """What the app on the phone shows."""
        return user.username

    def get_totp_issuer(self) -> str:
        """The installation, as people know its address."""
        return f"{settings.MFA_TOTP_ISSUER} {self._get_site_name()}"
