"""The only writes of the service teams."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from fugong.ledger import services as ledger
from fugong.ledger.models import Subject
from fugong.ledger.services import NewFact
from fugong.registry.models import Patch
from fugong.registry.services import RegistryError, new_subject
from fugong.teams.models import ServiceTeam


@transaction.atomic
def add_team(
    *, name: str, patch: Patch, leader: str, start: int, now: int, source: str, actor: UUID | None = None,
    subject_id: UUID | None = None,
) -> ServiceTeam:  # fmt: skip
    """A service team that looks after a patch from a moment on, under a leader, as a fact. Raises RegistryError."""
    if not name.strip():
        raise RegistryError("registry.no_name", field="name")
    if ServiceTeam.objects.filter(name=name.strip()).exists():
        raise RegistryError("registry.name_taken", field="name")
    team = ServiceTeam.objects.create(subject=new_subject(Subject.TEAM, subject_id), name=name.strip(), patch=patch)
    fact = NewFact(team.pk, "service_team", start, {"patch": patch.name, "leader": leader})
    ledger.append(facts=[fact], source=source, now=now, actor=actor)
    return team
