"""Actors: who signs in, under which role, with which scope."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.roles import ROLES, Right, Role


class User(AbstractUser):
    """Somebody who signs in. The role says what they may do; the scope over which enterprise, door or worker."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role_name = models.CharField(
        _("role"), max_length=32, default="worker", choices=[(role.name, role.title) for role in ROLES.values()]
    )
    scope_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_scope_goes_with_role",
                condition=models.Q(role_name__in=[r.name for r in ROLES.values() if r.scope == "town"])
                | models.Q(scope_id__isnull=False),
            )
        ]

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
