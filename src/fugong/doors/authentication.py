"""How a device says who it is with every request: signed by its own key, or with its token."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security.http import HttpAuthBase

from fugong.base import access, clock
from fugong.base.middleware import purpose_of
from fugong.doors import devices
from fugong.doors.algorithms import base64url
from fugong.doors.devices import Asking, DeviceError


class NotBelievedError(AuthenticationError):
    """A device that isn't let in: 401, with why as the fault's code."""

    def __init__(self, fault: DeviceError) -> None:
        super().__init__()
        self.fault = fault


class Signature(HttpAuthBase):
    """``Authorization: Fugong <device> <moment> <base64url of r‖s>`` over method, address, moment and body (ES256)."""

    openapi_scheme = "Fugong"

    def __call__(self, request: HttpRequest) -> Any:
        parts = request.headers.get("Authorization", "").split(" ")
        if len(parts) != 4 or parts[0] != "Fugong":
            return None
        device, moment, signature = parts[1:]
        body = base64url(hashlib.sha256(request.body).digest())
        said = f"{request.method}\n{request.get_full_path()}\n{moment}\n{body}"
        return _acting(request, lambda: devices.by_signature(device, moment, signature, said, now=clock.now()))


class Token(HttpAuthBase):
    """``Authorization: Bearer <token>``: what a device without a key was given when it was enrolled."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Any:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        return _acting(request, lambda: devices.by_token(token.strip(), now=clock.now()))


def _acting(request: HttpRequest, ask: Callable[[], Asking]) -> Any:
    """From here on the transaction is the device's. Raises NotBelievedError."""
    try:
        asking = ask()
    except DeviceError as fault:
        raise NotBelievedError(fault) from None
    user = asking.user
    request.user = user
    request.device = asking  # type: ignore[attr-defined]  # for whoever answers the request
    origin = request.META.get("REMOTE_ADDR", "")
    access.switch(access.as_user(user, purpose=purpose_of(request), origin=origin))
    return user


def device_of(request: HttpRequest) -> Asking | None:
    """The device that asks; None where somebody else does."""
    return getattr(request, "device", None)
