"""Signing in, and changing one's own password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class SignIn(AuthenticationForm):
    """User name and password; what is wrong is said in one sentence, without telling which of the two."""

    error_messages = {
        "invalid_login": _("User name or password is wrong. Mind upper and lower case."),
        "inactive": _("This account is closed. Please ask your administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")
        self.fields["username"].widget.attrs["autocapitalize"] = "none"


class OwnPassword(PasswordChangeForm):
    """The present password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _("At least 8 characters, not digits only, no common password.")
        self.fields["new_password2"].label = _("New password, once more")
        self.fields["new_password2"].help_text = ""
