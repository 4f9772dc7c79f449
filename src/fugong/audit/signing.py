"""Who signs in and out, and who tries to, is in the audit: from Django's own signals, whatever the way in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from fugong.audit import services
from fugong.base.models import User


def _signed_in(sender: object, user: User, **_more: Any) -> None:
    services.note(action="sign_in", actor=user.pk)


def _signed_out(sender: object, user: User | None, **_more: Any) -> None:
    if user is not None:
        services.note(action="sign_out", actor=user.pk)


def _failed(sender: object, credentials: dict[str, Any], **_more: Any) -> None:
    """Whose login was tried, where there is one; what was typed isn't kept: it may be a password."""
    tried = (
        User.objects.filter(username__iexact=str(credentials.get("username", ""))).values_list("pk", flat=True).first()
    )
    services.note(action="sign_in_failed", actor=tried)


def connect() -> None:
    """Listen to sign-ins (at start-up, once)."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit")
    user_logged_out.connect(_signed_out, dispatch_uid="audit")
    user_login_failed.connect(_failed, dispatch_uid="audit")
