"""What a door cannot take, and under which name what it takes in stands in the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare

SOURCE = "door"

declare(
    {
        "door.unknown_door": _("There is no such door."),
        "door.direction": _("The direction is “in” or “out”."),
        "door.celsius": _("%(value)s ℃ cannot be: a body temperature lies between 25 and 45. Type it with its point: 36.7."),
        "door.future": _("The check lies in the future: set the device's clock."),
        "door.too_many": _("At most %(number)s checks at once: send them in several requests."),
        "door.register": _("The register says whether the worker feels well (“well”: true or false)."),
        "door.taken_back": _("This check was taken back. Check again under a new number."),
        "door.id_taken": _("This id belongs to another check: send the check with an id of its own."),
        "door.unknown_check": _("There is no such check."),
        "door.not_refused": _("This check let the worker through: there is nothing to override."),
        "door.refused_long_ago": _("This refusal is older than %(minutes)s minutes: check again."),
        "door.overridden": _("The worker was let in against this check: it stays on record. Have it corrected."),
        "door.too_late": _("A check can be taken back within %(seconds)s seconds; afterwards, have it corrected."),
    }
)  # fmt: skip


class DoorError(Fault):
    """A check that a door cannot take: ``code`` is stable, ``field`` names the input, ``message`` says what to do."""
