"""The sign-in form."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
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
