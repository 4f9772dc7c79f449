"""Actors: who signs in, under which role, with which scope."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.roles import ROLES, WITHOUT_ID, Right, Role


class User(AbstractUser):
    """Somebody who signs in. The role says what they may do; the scope over which patch, enterprise, site or worker."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role_name = models.CharField(
        _("role"), max_length=32, default="worker", choices=[(role.name, role.title) for role in ROLES.values()]
    )
    scope_id = models.UUIDField(null=True, blank=True)
    sessions_ended = models.PositiveIntegerField(default=0)
    password_to_change = models.BooleanField(default=False)
    last_login = None
    signed_in_at = models.BigIntegerField(null=True, blank=True)
    # Who has seen a password of this login and when, by login, and when last: since the command line handed it over (`hands`).
    given_by = models.JSONField(default=dict, editable=False)
    given_at = models.BigIntegerField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["given_at"], name="login_by_when_given")]
        constraints = [
            models.CheckConstraint(
                name="user_scope_goes_with_role",
                condition=models.Q(role_name__in=[r.name for r in ROLES.values() if r.scope in WITHOUT_ID])
                | models.Q(scope_id__isnull=False),
            ),
            models.UniqueConstraint(Lower("username"), name="user_name_once_in_any_case"),
            models.UniqueConstraint(
                name="worker_has_one_login", fields=["scope_id"], condition=models.Q(role_name="worker")
            ),
        ]

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be this user's: it changes with the password, and when sessions are ended."""
        carried = f"{super().get_session_auth_hash()}:{self.sessions_ended}"
        return salted_hmac("fugong.base.sessions", carried, algorithm="sha256").hexdigest()

    @property
    def role(self) -> Role:
        """The user's role."""
        return ROLES[self.role_name]

    def may(self, right: Right) -> bool:
        """Whether the role gives this right."""
        return right in self.role.rights


class UserSession(models.Model):
    """A session of somebody who signed in: from where, since when, with what. Deleted when it ends."""

    HOW = [("password", _("with a password")), ("totp", _("with a password and a second step")),
           ("code", _("with a one-time code"))]  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    since = models.BigIntegerField()
    origin = models.CharField(max_length=45, default="")
    device = models.CharField(max_length=200, default="")
    how = models.CharField(max_length=8, choices=HOW)


class EntryCode(models.Model):
    """A one-time code with which a worker enters without a password. Only its keyed digest is kept.

    Alive until it is used, until another one is handed out, or until it expires.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    login = models.ForeignKey(User, on_delete=models.CASCADE, related_name="codes")
    worker_id = models.UUIDField()
    digest = models.BinaryField(unique=True)
    handed_out_at = models.BigIntegerField()
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)
    cancelled_at = models.BigIntegerField(null=True)
    organisation = models.CharField(max_length=128)
    handed_out_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_live_code_a_worker",
                fields=["login"],
                condition=models.Q(used_at__isnull=True, cancelled_at__isnull=True),
            )
        ]


class Counter(models.Model):
    """A row of the cache that both server processes share: how often somebody tried to sign in. Written by Django only."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "base_cache"
