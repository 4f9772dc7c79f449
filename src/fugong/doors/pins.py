"""Guards' PINs: four to eight digits by which a guard signs in on the devices of their doors, without a network.

Of a PIN only a salted, slow digest is kept (PBKDF2-SHA256, RFC 8018). Devices hold it too: it keeps colleagues from
signing in for each other, not somebody who takes a device apart (``docs/security.md``).
"""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.doors.models import GuardPin

ITERATIONS = 200_000
SALT = 16
LEAST, MOST = 4, 8
_KEYPAD = ("2580", "0852", "1470", "0741", "1397", "7931", "1379", "9731")
_RUNS = ("01234567890123456", "65432109876543210")

declare(
    {
        "pin.digits": _("A PIN has four to eight digits."),
        "pin.weak": _("Everybody tries this PIN first. Choose one without rows, repetitions or years."),
        "pin.unlike": _("The two PINs differ. Type the same one twice."),
    }
)


class PinError(Fault):
    """A PIN that isn't taken: ``field`` names the input."""


def set_pin(*, user: UUID, pin: str, again: str, now: int) -> None:
    """Keep somebody's PIN in place of the one before. Raises PinError."""
    if not (pin.isascii() and pin.isdigit() and LEAST <= len(pin) <= MOST):
        raise PinError("pin.digits", field="pin")
    if weak(pin):
        raise PinError("pin.weak", field="pin")
    if pin != again:
        raise PinError("pin.unlike", field="again")
    salt = secrets.token_bytes(SALT)
    kept = {"salt": salt, "iterations": ITERATIONS, "digest": digest(pin, salt, ITERATIONS), "set_at": now}
    with transaction.atomic():
        GuardPin.objects.update_or_create(user_id=user, defaults=kept)


def digest(pin: str, salt: bytes, iterations: int) -> bytes:
    """What is kept of a PIN."""
    return hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, iterations)


def weak(pin: str) -> bool:
    """Whether a PIN is among those that are tried first: repetitions, rows of digits, years, lines on the keypad."""
    repeats = any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (1, 2))
    halves = len(pin) % 2 == 0 and pin[: len(pin) // 2] == pin[len(pin) // 2 :]
    runs = any(pin in run for run in _RUNS)
    pairs = len(pin) % 2 == 0 and all(pin[i] == pin[i + 1] for i in range(0, len(pin), 2))
    year = len(pin) == 4 and "1940" <= pin <= "2039"
    return repeats or halves or runs or pairs or year or pin in _KEYPAD


def set_at(user: UUID) -> int | None:
    """Since when somebody has their PIN; None where they have none."""
    return GuardPin.objects.filter(user=user).values_list("set_at", flat=True).first()
