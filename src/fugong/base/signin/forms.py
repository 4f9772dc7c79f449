"""Signing in, the second step, one-time codes, and changing one's own password."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter as get_second_step_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondStepAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordChangeForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fugong.base import personal
from fugong.base.models import User
from fugong.base.signin.backend import plain

_ACCEPTED = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)
_NAME = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
_SECRET = forms.PasswordInput(attrs={"autocomplete": "current-password"})
_NUMBER = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})


class SignIn(LoginForm):
    """User name and password; what is wrong is said in one sentence, without telling which of the two."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "username": forms.CharField(label=_("User name"), max_length=150, widget=_NAME),
            "password": forms.CharField(label=_("Password"), strip=False, widget=_SECRET),
        }

    def user_credentials(self) -> dict[str, str]:
        """As allauth passes them on."""
        return {"username": plain(self.cleaned_data["username"]), "password": self.cleaned_data["password"]}

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError while somebody is locked out, and where name and password don't belong together."""
        cleaned: dict[str, Any] = self.cleaned_data
        if self.errors:
            return cleaned
        user: User | None = get_adapter(self.request).authenticate(self.request, **self.user_credentials())
        if user is None:
            raise ValidationError(_("User name or password is wrong. Mind upper and lower case."))
        if not user.is_active:
            raise ValidationError(_("This account is closed. Please ask your administrator."))
        self.user, self._login = user, Login(user=user)
        return cleaned


class OwnPassword(PasswordChangeForm):
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 10 characters, not digits only, no common password, not like your user name."
        )
        self.fields["new_password2"].label = _("New password, once more")
        self.fields["new_password2"].help_text = ""

    def save(self, commit: bool = True) -> User:
        """Only the password is written: the serving login may change nothing else of a login's own."""
        user: User = super().save(commit=False)
        if commit:
            user.save(update_fields=["password"])
        return user

    def clean(self) -> dict[str, Any]:
        """Another one than before."""
        cleaned = super().clean() or self.cleaned_data
        if (new := cleaned.get("new_password1")) and new == cleaned.get("old_password"):
            self.add_error("new_password1", _("This is the present password. Choose another one."))
        return cleaned


class OwnPasswordAgain(ReauthenticateForm):
    """The password once more, before something that matters."""

    password = forms.CharField(label=_("Password"), strip=False, widget=_SECRET)


class _Once(forms.Form):
    """A code is good once, for as long as it could be accepted: allauth forgets it after half a minute."""

    user: User

    def clean_code(self) -> str:
        """Raises ValidationError for a wrong code and for one that was used."""
        code: str = super().clean_code()  # type: ignore[misc]  # of the form that this is mixed into
        digits = "".join(character for character in code if character.isdigit())
        if not cache.add(f"second-step:{self.user.pk}:{digits}", True, timeout=_ACCEPTED):
            raise get_second_step_adapter().validation_error("incorrect_code")
        return code


class SecondStep(_Once, AuthenticateForm):
    """The code that the phone shows, or a recovery code."""

    code = forms.CharField(label=_("Code of the phone, or a recovery code"), max_length=20, widget=_NUMBER)


class SecondStepAgain(_Once, SecondStepAgainForm):
    """The same before something that matters."""

    code = forms.CharField(label=_("Code of the phone, or a recovery code"), max_length=20, widget=_NUMBER)


class SwitchOn(ActivateTOTPForm):
    """A first code of the phone; until then the secret is in the session, encrypted."""

    code = forms.CharField(label=_("Code that the phone shows"), max_length=20, widget=_NUMBER)

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self.user = user
        kept = request.session.get(SECRET_SESSION_KEY)
        if kept and self.is_bound:
            self.secret = personal.decrypt(bytes.fromhex(kept))
        else:
            self.secret = generate_totp_secret()
            request.session[SECRET_SESSION_KEY] = personal.encrypt(self.secret).hex()


class TypedCode(forms.Form):
    """The one-time code on the slip."""

    code = forms.CharField(
        label=_("Code on the slip"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
