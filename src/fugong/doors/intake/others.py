"""Rows that belong to checks or to visitors: a slip, an override, who was told, a guard's shift, a visit and its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fugong.base import access
from fugong.base.faults import declare
from fugong.base.models import User
from fugong.clearance.devices import ALREADY, STORED, Row, Scene, Status
from fugong.doors import models, overrides, services, visits
from fugong.doors.errors import SOURCE, DoorError
from fugong.doors.intake.rows import Leave, Override, Shift, Told, Undo, Visit
from fugong.doors.services import refuse_overridden, withdrawals
from fugong.doors.visits import VisitorDetails
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.registry.models import Door

declare(
    {
        "door.guard": _("This guard cannot sign in at this door: no PIN, another enterprise, or a closed login."),
        "door.no_device": _("Only a device says this."),
    }
)


def take(scene: Scene, row: Row) -> Status:
    """Store a row that is no check; returns whether it was stored now or already. Raises Fault."""
    match row:
        case Undo():
            return _undo(scene, row)
        case Override():
            return _override(scene, row)
        case Told():
            return _told(scene, row)
        case Shift():
            return _shift(scene, row)
        case Visit():
            return _visit(scene, row)
        case Leave():
            return _leave(scene, row)
    raise AssertionError(row)


def _checked(scene: Scene, check: UUID) -> Fact:
    found = Fact.objects.filter(pk=check, kind="door_check", values__door=str(scene.door.pk)).first()
    if found is None:
        raise DoorError("door.unknown_check", field="check")
    return found


def _undo(scene: Scene, row: Undo) -> Status:
    checked = _checked(scene, row.check)
    ledger.lock(update=[checked.subject_id])
    refuse_overridden(row.check)
    facts = withdrawals(checked, "keyed in wrongly")
    if not facts:
        return ALREADY
    if not 0 <= row.when - checked.start <= services.UNDO_SECONDS:
        raise DoorError("door.too_late", seconds=services.UNDO_SECONDS)
    ledger.append(
        facts=facts, source=SOURCE, now=max(scene.now, checked.recorded_at), actor=scene.user.pk,
        evidence=f"door:{scene.door.pk}",
    )  # fmt: skip
    return STORED


def _override(scene: Scene, row: Override) -> Status:
    _checked(scene, row.check)
    if overrides.of_check(row.check) is not None:
        return ALREADY
    with _stating(scene, row.guard) as guard:
        services.override(
            check=row.check, reason=row.reason, words=row.words, now=scene.now, actor=guard.pk, at=row.when
        )
    return STORED


@contextmanager
def _stating(scene: Scene, guard: UUID | None) -> Iterator[User]:
    """An override is the guard's: a device vouches for whoever signed in on it by PIN; others speak for themselves."""
    if scene.device is None:
        if not scene.user.may("door.override"):
            raise DoorError("door.guard", field="guard")
        yield scene.user
        return
    found = _guard(scene.door, guard)
    before = access.current()
    guard_acts = access.as_user(found, purpose=before.purpose, origin=before.origin)
    if before.scope == "system":  # of somebody who has left since (`intake.left`): the guard doesn't see them any more
        guard_acts = replace(guard_acts, scope="system", scope_id=None)
    access.switch(guard_acts)
    try:
        yield found
    finally:
        access.switch(before)


def _guard(door: Door, guard: UUID | None) -> User:
    """A guard of the door's enterprise who can sign in and has a PIN. Raises DoorError."""
    with access.elevated("whether a guard may sign in at a door"):
        pin = (
            models.GuardPin.objects.filter(
                user=guard, user__role_name="guard", user__is_active=True, user__scope_id=door.site.enterprise_id
            ).select_related("user").first()
        )  # fmt: skip
    if guard is None or door.site.enterprise_id is None or pin is None:
        raise DoorError("door.guard", field="guard")
    return pin.user


def _told(scene: Scene, row: Told) -> Status:
    checked = _checked(scene, row.check)
    if (before := models.Told.objects.filter(pk=row.id).first()) is not None:
        return _same(before.check_fact == row.check)
    models.Told.objects.create(
        id=row.id, worker_id=checked.subject_id, check_fact=row.check, who=row.who, words=row.words, at=row.when,
        actor=scene.user,
    )  # fmt: skip
    return STORED


def _shift(scene: Scene, row: Shift) -> Status:
    if scene.device is None:
        raise DoorError("door.no_device")
    if (before := models.Shift.objects.filter(pk=row.id).first()) is not None:
        return _same((before.device_id, before.guard_id, before.direction) == (scene.device, row.guard, row.direction))
    guard = _guard(scene.door, row.guard)
    models.Shift.objects.create(
        id=row.id, device_id=scene.device, guard=guard, direction=row.direction, at=row.when
    )  # fmt: skip
    return STORED


def _visit(scene: Scene, row: Visit) -> Status:
    who = VisitorDetails(
        row.name, row.phone, row.company, row.host, row.purpose, {str(name): said for name, said in row.answers.items()}
    )
    new = visits.arrive(
        id=row.id, door=scene.door, who=who, colour=row.colour, reasons=row.reasons, celsius=row.celsius, at=row.when,
        now=max(scene.now, row.when), actor=scene.user.pk,
    )  # fmt: skip
    if new:
        return STORED
    return _same(models.Visit.objects.filter(pk=row.id, door=scene.door, at=row.when).exists())


def _leave(scene: Scene, row: Leave) -> Status:
    left = visits.leave(visit=row.visit, at=row.when, now=max(scene.now, row.when), actor=scene.user.pk)
    return STORED if left else ALREADY


def _same(same: bool) -> Status:
    if not same:
        raise DoorError("door.id_taken", field="id")
    return ALREADY
