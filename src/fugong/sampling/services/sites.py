"""Opening a sampling site: a place of the town's that serves for sampling from a moment on."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.registry import services as registry
from fugong.registry.models import Site


@transaction.atomic
def open_site(
    *, name: str, now: int, actor: UUID | None, evidence: str = "page", subject_id: UUID | None = None
) -> Site:  # fmt: skip
    """A new site of the town's that serves for sampling. Raises RegistryError for a name that is taken or empty."""
    site = registry.add_site(name=name, subject_id=subject_id)
    fact = NewFact(site.pk, "site_open", now, {"purpose": "sampling"})
    ledger.append(facts=[fact], source="page", now=now, actor=actor, evidence=evidence)
    return site
