"""The audit: who wrote or read whose data, when, why and from where; and the seals over it.

The tables are made by hand (``migrations/0001``) and Django only reads them: the database itself stamps every entry, and
refuses to change one. Flushing a database leaves them alone.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Entry(models.Model):
    """One statement that wrote personal data, one transaction that showed some, or one thing that somebody did.

    ``at`` is the moment by Fugong's clock (a demo's may be another), ``written_at`` and ``started`` are by the
    database's; ``transaction`` and ``server`` say in which transaction of which database server. ``relation`` and
    ``row_count`` say what a statement wrote; ``subjects`` whose data it were, in the order of their ids. ``details`` are
    what else is to say of something that was noted (how somebody signed in), never anybody's data.
    """

    server = models.BigIntegerField()
    transaction = models.BigIntegerField()
    started = models.DateTimeField()
    written_at = models.DateTimeField()
    at = models.BigIntegerField()
    actor = models.UUIDField(null=True)
    role = models.TextField()
    scope = models.TextField()
    scope_id = models.UUIDField(null=True)
    purpose = models.TextField()
    origin = models.TextField()
    action = models.TextField()
    relation = models.TextField()
    row_count = models.BigIntegerField()
    subjects = ArrayField(models.UUIDField())
    reason = models.TextField()
    details = models.JSONField()

    class Meta:
        managed = False
        db_table = "audit_entry"


class Batch(models.Model):
    """Entries that were sealed together: ``entries`` of them, from the seal ``first`` on.

    ``horizon`` is the oldest transaction that was in flight then: every entry of an older one is sealed. ``following`` is
    the transaction that had not begun then. ``hash`` closes the batch; the newest one is the head of the chain.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    server = models.BigIntegerField()
    horizon = models.BigIntegerField()
    following = models.BigIntegerField()
    first = models.BigIntegerField()
    entries = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_batch"


class Seal(models.Model):
    """The place of an entry in the chain, and the hash up to it."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal")
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "audit_seal"
