"""People and organisations for the audit's pages: found by what an auditor knows already, and named no further."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from fugong.base import access
from fugong.registry import posts
from fugong.registry.documents import document_digest, phone_digest
from fugong.registry.models import Document, Enterprise, Patch, Site, Worker

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHORTEST = 7  # characters of a whole number
_MOST = 200


class Directory:
    """`audit.directory.Directory`, from the registry."""

    def persons(self, typed: str) -> list[UUID]:
        """Workers whose whole identity or telephone number this is, or whose file's address."""
        with access.elevated("a person whom an auditor names by a whole number"):
            if found := _ID.findall(typed.lower()):
                return list(Worker.objects.filter(pk__in=found).values_list("pk", flat=True))
            packed = typed.replace(" ", "").replace("-", "").upper()
            if len(packed) < _SHORTEST:
                return []
            digests = [document_digest(kind, packed) for kind, _title in Document.TYPES]
            meant = Q(phone_digest=phone_digest(packed)) | Q(documents__digest__in=digests)
            return list(Worker.objects.filter(meant).values_list("pk", flat=True).distinct())

    def organisations(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """The names of those of these that are enterprises, sites or patches."""
        wanted = set(ids)
        if not wanted:
            return {}
        with access.elevated("role and organisation of who stated or read something"):
            return posts.organisations(wanted)

    def organisations_called(self, text: str) -> list[UUID]:
        """Enterprises, sites and patches whose name holds this text."""
        with access.elevated("role and organisation of who stated or read something"):
            found: list[UUID] = []
            for model in (Enterprise, Site, Patch):
                found += (
                    model.objects.filter(name__icontains=text).order_by("name").values_list("pk", flat=True)[:_MOST]
                )
            return found
