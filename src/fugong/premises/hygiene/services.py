"""What is disinfected, and what was done: a ``disinfection`` fact of the site, and a line of the schedule."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.clearance import gate
from fugong.clearance.disinfection import limits, require_enough
from fugong.clearance.queries import operations
from fugong.core.protocol.operations import Disinfected, Disinfection
from fugong.ledger.services import NewFact, append
from fugong.premises.errors import PremisesError, refused
from fugong.premises.models import Cleaning, Duty, Photo
from fugong.premises.models.hygiene import PLACES
from fugong.premises.sites import By
from fugong.registry.models import Site

SOURCE = "disinfection record"
MOST_BYTES = 5 * 2**20
_MEDIA = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""Pictures by their first bytes, whatever a file calls itself."""


@dataclass(frozen=True, slots=True)
class Done:
    """With what, how strong (mg/L), how long (minutes), by whom; ``photo`` is a picture's bytes."""

    agent: str
    mg_per_litre: float
    minutes: float
    who: str
    photo: bytes = b""


@transaction.atomic
def add_duty(*, site: Site, kind: str, name: str, responsible: str = "", now: int, id: UUID | None = None) -> Duty:
    """Put a place on the schedule. Raises PremisesError."""
    if kind not in dict(PLACES):
        raise PremisesError("duty.kind", field="kind")
    called = name.strip()
    if not called or len(called) > 32:
        raise PremisesError("duty.place", field="name")
    again = Duty.objects.filter(site=site, name=called, ended_at__isnull=False).first()
    if again is not None and again.kind == kind:
        Duty.objects.filter(pk=again.pk).update(ended_at=None, responsible=responsible.strip()[:32])
        return again
    with refused("duty.taken", duty_once_a_site=PremisesError("duty.taken", field="name", name=called)):
        return Duty.objects.create(
            id=id or uuid7(), site=site, enterprise_id=site.enterprise_id, kind=kind, name=called,
            responsible=responsible.strip()[:32], since=now,
        )  # fmt: skip


@transaction.atomic
def end_duty(*, duty: UUID, enterprise: UUID, now: int) -> None:
    """Take a place off the schedule; what was done there stays."""
    Duty.objects.filter(pk=duty, enterprise=enterprise, ended_at=None).update(ended_at=now)


def limits_of(kind: str, at: int) -> Disinfection:
    """What counts as a disinfection of a kind of place, by the pack in force."""
    what = _limited_by(kind, at)
    return limits(what, at) if what else Disinfection()


def _limited_by(kind: str, at: int) -> Disinfected | None:
    upkeep = {str(name): one for name, one in operations(at).upkeep.items()}.get(kind)
    return upkeep.limits if upkeep else None


@transaction.atomic
def record(*, duty: UUID, done: Done, at: int, by: By, id: UUID | None = None) -> Cleaning:
    """Record that a place was disinfected at a moment. The same ``id`` sent again stores nothing. Raises PremisesError, and
    DisinfectionError for what doesn't count as one."""
    again = Cleaning.objects.filter(pk=id).first() if id else None
    if again is not None:
        return again
    gate.one_at_a_time(by.actor)
    found = Duty.objects.select_for_update(no_key=True, of=("self",)).filter(pk=duty, ended_at=None).first()
    if found is None:
        raise PremisesError("duty.unknown", field="duty")
    _refuse_wrong(found, done, at, by.now)
    media = _media(done.photo)
    fact = uuid7()
    agent, who = done.agent.strip()[:64], done.who.strip()[:64]
    values = {
        "agent": agent, "mg_per_litre": done.mg_per_litre, "minutes": done.minutes,
        "by": who, "place": found.name,
    }  # fmt: skip
    append(
        facts=[NewFact(found.site_id, "disinfection", at, values, id=fact)], source=SOURCE, now=by.now, actor=by.actor,
        evidence=by.evidence,
    )  # fmt: skip
    with refused("duty.twice", cleaning_once=PremisesError("duty.twice", field="at")):
        made = Cleaning.objects.create(
            id=id or uuid7(), duty=found, site_id=found.site_id, enterprise_id=found.enterprise_id, fact_id=fact, at=at,
            agent=agent, mg_per_litre=done.mg_per_litre, minutes=done.minutes, who=who,
            actor_id=by.actor, recorded_at=by.now,
        )  # fmt: skip
    if media:
        Photo.objects.create(
            cleaning=made, enterprise_id=found.enterprise_id, media_type=media, size=len(done.photo),
            encrypted=personal.encrypt_bytes(done.photo),
        )  # fmt: skip
    return made


def _refuse_wrong(duty: Duty, done: Done, at: int, now: int) -> None:
    if not done.agent.strip() or not done.who.strip():
        raise PremisesError("duty.who", field="agent")
    if at > now:
        raise PremisesError("duty.future", field="at")
    what = _limited_by(duty.kind, now)
    if what:
        require_enough(what, now, mg_per_litre=done.mg_per_litre, minutes=done.minutes)


def _media(photo: bytes) -> str:
    if not photo:
        return ""
    if len(photo) > MOST_BYTES:
        raise PremisesError("duty.photo_large", field="photo", limit=MOST_BYTES // 2**20)
    media = next((kind for head, kind in _MEDIA.items() if photo.startswith(head)), "")
    if not media:
        raise PremisesError("duty.photo_kind", field="photo")
    return media
