"""For whom the second step is there, advised and compulsory, and which password must be changed first."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings

from fugong.base.models import User


def has_second_step(user: User) -> bool:
    """Whether somebody needs a code of their phone besides the password."""
    return bool(Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists())


def advised(user: User) -> bool:
    """Roles that can change or decide something for a whole town; not in a demo."""
    return user.role.scope == "town" and (user.may("town.write") or user.may("act.approve")) and not settings.DEMO


def compulsory(user: User) -> bool:
    """Whether this installation lets somebody in only with a second step (``FUGONG_REQUIRE_TOTP``)."""
    return bool(settings.REQUIRE_TOTP) and user.role.scope == "town"


def password_only(user: User) -> bool:
    """Whether a password alone is enough for a program: never beside a second step, nor before it has been changed."""
    return not user.password_to_change and not compulsory(user) and not has_second_step(user)
