"""Adopted protocols and stored clearances."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Worker

PERMISSIONS = ("board", "enter", "work", "visit", "leave_observation")


class Adoption(models.Model):
    """A protocol pack comes into force at an instant; it stays until the next one does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pack = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    text = models.TextField()
    effective_from = models.BigIntegerField(unique=True)
    recorded_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")


class Clearance(models.Model):
    """When a worker has a permission: sorted starts and ends, in seconds. A cache with one writer (``services.renew``).

    Its references are not checked by the database row by row (that took longer than the evaluation): workers and
    adoptions are never removed, and ``fugong clearance verify`` compares the whole cache with the ledger.
    """

    pk = models.CompositePrimaryKey("worker_id", "permission")
    worker = models.ForeignKey(
        Worker, on_delete=models.PROTECT, related_name="clearances", db_index=False, db_constraint=False
    )
    permission = models.CharField(max_length=20, choices=[(name, name) for name in PERMISSIONS])
    starts = ArrayField(models.BigIntegerField())
    ends = ArrayField(models.BigIntegerField())
    adoption = models.ForeignKey(
        Adoption, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    rests_on = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clearance_as_many_starts_as_ends",
                condition=models.Q(starts__len=models.F("ends__len")),
            )
        ]
