"""Who a user name means."""

from __future__ import annotations

import unicodedata

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models.functions import Lower

from fugong.base.models import User


def plain(username: str) -> str:
    """A user name as it is kept: without surrounding spaces, full-width letters made plain."""
    return unicodedata.normalize("NFKC", username.strip())


def login_named(username: str) -> User | None:
    """The login of this name, in whatever case it is written."""
    return User.objects.alias(lower=Lower("username")).filter(lower=plain(username).lower()).first()


class ByUserName(AuthenticationBackend):
    """A password is checked against the login of a user name; an unknown name costs the same time."""

    def _authenticate_by_username(self, username: str, password: str) -> User | None:
        found: User | None = self._check_password(login_named(username), password)
        return found
