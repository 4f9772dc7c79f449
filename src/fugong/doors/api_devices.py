"""Enrolling a device: open to whoever has a one-time code."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from fugong.base import access, clock, problems
from fugong.base.faults import Fault
from fugong.base.middleware import purpose_of
from fugong.base.signin import limits
from fugong.doors import devices, keys
from fugong.doors.devices import DeviceError
from fugong.doors.lineage import here
from fugong.doors.models import Device
from fugong.registry.models import Door

router = Router()
_ACTION = "enrol"


class KeyIn(Schema):
    """The public half of a device's own key (a JWK on P-256)."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str = Field(max_length=64)
    y: str = Field(max_length=64)


class EnrolIn(Schema):
    """A one-time code, what the device is called, and its key; without a key it is given a token."""

    code: str = Field(max_length=32)
    name: str = ""
    key: KeyIn | None = None


class DoorShort(Schema):
    """The door that a device keeps."""

    id: UUID
    name: str
    site: str
    enterprise: str | None


class EnrolledOut(Schema):
    """Who the device is from now on. ``token`` is shown once, to devices without a key. ``now`` in epoch seconds."""

    device: UUID
    door: DoorShort
    lineage: str
    now: int
    keys: list[dict[str, Any]] = Field(description="the server's public keys, for signatures of snapshots and passes")
    token: str | None = None


@router.post("/devices/enrol", response=EnrolledOut, auth=None, summary="Enrol a device with a one-time code")
def enrol(request: HttpRequest, payload: EnrolIn) -> EnrolledOut | HttpResponse:
    """The code is used up. Whoever tries many is stopped for ten minutes (429)."""
    if limits.locked(request, _ACTION):
        return problems.of(request, 429, detail=Fault("device.locked").message, code="device.locked")
    now = clock.now()
    try:
        made = devices.enrol(
            code=payload.code, name=payload.name, key=None if payload.key is None else payload.key.model_dump(), now=now
        )
    except DeviceError as error:
        if error.code == "device.code":
            limits.failed(request, _ACTION)
        raise
    user = made.device.user
    access.switch(access.as_user(user, purpose=purpose_of(request), origin=request.META.get("REMOTE_ADDR", "")))
    return EnrolledOut(
        device=made.device.pk, door=_door(made.device), lineage=here().lineage, now=now, keys=keys.public_keys(now=now),
        token=made.token,
    )  # fmt: skip


def _door(device: Device) -> DoorShort:
    door = Door.objects.select_related("site__enterprise").get(pk=device.door_id)
    enterprise = door.site.enterprise
    return DoorShort(
        id=door.pk, name=door.name, site=door.site.name, enterprise=enterprise.name if enterprise else None
    )
