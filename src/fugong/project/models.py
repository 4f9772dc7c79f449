"""What the steward remembers of its own work."""

from __future__ import annotations

from django.db import models


class TaskRun(models.Model):
    """The last run of one of the steward's tasks. Numbers only: nobody's data."""

    name = models.CharField(primary_key=True, max_length=40)
    started_at = models.BigIntegerField()
    finished_at = models.BigIntegerField()
    succeeded_at = models.BigIntegerField(null=True)
    failures = models.PositiveIntegerField(default=0)
    """How often it has failed since it last succeeded."""
    error = models.CharField(max_length=80, default="")
    """The kind of the last run's error, empty when it went well; never its words, which may hold a person's data."""
    figures = models.JSONField(default=dict)
    """What the last successful run counted: names of figures and whole numbers."""
