"""Actors: who signs in, under which role, with which scope."""

from __future__ import annotations

from uuid import UUID

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
    last_login = None
    signed_in_at = models.BigIntegerField(null=True, blank=True)

    class Meta:
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

    def may_see_enterprise(self, enterprise_id: UUID) -> bool:
        """Whether an enterprise lies in the user's scope."""
        return self.role.scope == "town" or (self.role.scope == "enterprise" and self.scope_id == enterprise_id)
