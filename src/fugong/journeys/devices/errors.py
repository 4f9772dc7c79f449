"""What a device says by a reason of a trip's own, and what of its rows cannot be taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import declare

NOT_ON_LIST, EXTRA = "trip.not_on_list", "arrival.extra"
NO_RECORD, DISINFECT_FIRST, IDENTITY = "arrival.no_record", "arrival.disinfect_first", "arrival.identity"
REASONS = (NOT_ON_LIST, EXTRA, NO_RECORD, DISINFECT_FIRST, IDENTITY)
"""What a device may give as a reason besides the doors' own and the requirements of the permission to board."""

declare(
    {
        NOT_ON_LIST: _("Not on this trip's list. Nobody is added on the way: call the dispatcher."),
        EXTRA: _("Not on this trip's list: compare the document. They are registered as extra."),
        NO_RECORD: _(
            "No disinfection of the vehicle is recorded on this device, and there is no network. It is kept, and listed: nobody"
            " goes in before the disinfection is recorded."
        ),
        DISINFECT_FIRST: _("The disinfection of the vehicle isn't recorded. Record it first, then check them in."),
        IDENTITY: _("The document is not theirs: they may not go in until that is settled."),
        "arrival.no_celsius": _("Say whether the document is theirs, and what temperature was measured."),
        "arrival.unknown_check_in": _("No device has checked anybody in under this number."),
        "arrival.no_words": _("Say in words what it was: at most %(number)s characters."),
    }
)
