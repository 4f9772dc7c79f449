"""Reads of sampling: the lists of results that somebody uploaded."""

from __future__ import annotations

from django.db.models import QuerySet

from fugong.base.models import User
from fugong.registry.models import Upload

KIND = "test"


def uploads_of(user: User) -> QuerySet[Upload]:
    """The lists of test results that somebody uploaded themselves, newest first; without their content."""
    return Upload.objects.defer("content").filter(kind=KIND, actor=user.pk).order_by("-created_at", "-pk")
