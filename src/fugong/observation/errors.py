"""What observation sites refuse, in sentences that a nurse understands: what, where, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.base.faults import Fault, declare
from fugong.core.time import PLUS_INF

declare(
    {
        "room.no_rooms": _("A site needs at least one room: type their names, one a line."),
        "room.no_name": _("Each room needs a name or a number."),
        "room.name_taken": _("Room %(room)s is already there. Give the new one another name, or change the one that is there."),
        "room.no_beds": _("Room %(room)s needs at least one bed, each with a name of its own."),
        "room.times": _("The rooms must be offered for some time: the end lies before the beginning."),
        "room.unknown": _("There is no such room."),
        "room.in_use": _(
            "Room %(room)s can't be closed then: somebody stays there or has it kept until %(end)s. Move them first."
        ),
        "stay.unknown": _("There is no such stay. Load the page again."),
        "stay.no_bed": _("There is no such bed."),
        "stay.no_person": _("There is no such person."),
        "stay.times": _("The stay must end after it begins."),
        "stay.past": _("A bed is kept for a time to come; this one would already be over."),
        "stay.moment": _("Please give date and time, for example 2020-03-09 07:00."),
        "stay.future": _("This lies in the future: type when it was, or wait until it has happened."),
        "stay.before": _("This can't be before the check-in (%(start)s)."),
        "stay.bed_taken": _(
            "Bed %(bed)s of room %(room)s is taken or being cleaned from %(start)s to %(end)s. "
            "Choose another bed or another time."
        ),
        "stay.bed_occupied": _("Somebody is still in bed %(bed)s of room %(room)s. Release or move them first."),
        "stay.person_elsewhere": _(
            "This person already has a bed from %(start)s to %(end)s: room %(room)s at %(site)s. Move them instead."
        ),
        "stay.room_full": _(
            "Room %(room)s takes %(people)s at a time by the protocol, and somebody is in it then. Choose another room."
        ),
        "stay.room_closed": _(
            "Room %(room)s is offered from %(opens)s to %(closes)s only. Choose another room, or offer it for longer."
        ),
        "stay.other_site": _("That bed is at another site. Ask the town to move them there."),
        "stay.not_planned": _("This needs a bed that is kept and not yet used; this stay is: %(state)s."),
        "stay.not_present": _("This person isn't in the room (%(state)s). Load the page again."),
        "stay.same_bed": _("They are in that bed already."),
        "stay.reason": _("Say why, in a few words."),
        "stay.how": _("Say how the stay ends."),
        "stay.fact_changed": _(
            "The record of this observation was corrected elsewhere. Load the page again, and have the correction looked at."
        ),
        "stay.not_cleared": _("They can't be released yet. %(reasons)s"),
        "stay.no_rule": _(
            "The protocol in force says nothing of leaving observation. End the stay early instead, and say why."
        ),
        "stay.at_once": _("Others changed the same rooms at this moment. Nothing was changed: try again."),
        "round.celsius": _("%(value)s ℃ cannot be: a body temperature lies between 25 and 45. Type it with its point: 36.7."),
        "round.nothing": _("Nothing was measured: choose a temperature, symptoms, or “not in the room”."),
        "round.future": _("This was measured in the future: set the device's clock."),
        "round.not_here": _("This person was not in a room here at that time. Look at the board."),
        "round.symptom": _("“%(symptom)s” is no symptom that is on the list."),
        "round.not_understood": _("This entry can't be read. Reload the page and enter it again."),
        "round.id_taken": _("This id belongs to something else: enter it again."),
        "cleaning.who": _("Say with what the room was disinfected, and by whom."),
        "cleaning.weak": _(
            "That doesn't count as a disinfection of a room: the protocol asks for %(least)s to %(most)s mg/L "
            "and at least %(minutes)s minutes."
        ),
        "cleaning.number": _("Concentration and minutes are numbers: 500, 30."),
        "day_book.kind": _("Choose what it was: a visitor or a delivery."),
        "day_book.who": _("Type who came."),
        "day_book.long": _("This is too long for a line of the day book."),
        "staff.name": _("Type the name."),
        "staff.group": _("Choose one of the five groups."),
        "plan.stale": _("Something has changed since the plan was made. It was made anew: look at it again."),
        "plan.none": _("There is nothing to plan: nobody is expected, or there are no rooms."),
    }
)  # fmt: skip


class ObservationError(Fault):
    """Something that an observation site refuses: ``code`` is stable, ``field`` names the input, ``message`` says what to do."""


def when(moment: int) -> str:
    """A moment as a sentence says it: ``3-9 08:00``, with the year for what isn't soon."""
    if moment >= PLUS_INF:
        return "—"
    return f"{local.to_datetime(moment):%Y-%m-%d %H:%M}"
