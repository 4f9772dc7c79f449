"""What a dispatcher or a crew cannot do with a trip, in words that say what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare

declare(
    {
        "trip.unknown": _("There is no such trip."),
        "trip.code_taken": _("The trip “%(code)s” is there already. Give this one another number."),
        "trip.no_code": _("Give the trip a number of its own."),
        "trip.wrong_mode": _("A trip is a bus, a charter plane or a charter train."),
        "trip.arrives_early": _("The trip is said to arrive before it departs. Compare the two times."),
        "trip.wrong_seats": _("%(rated)s rated seats don't fit into %(rows)s rows of %(columns)s. Correct one of the numbers."),
        "trip.unknown_site": _("The destination is no site of the registry."),
        "trip.unknown_division": _("There is no division with the code %(code)s. Use the six digits of GB/T 2260."),
        "trip.wrong_money": _("An amount of money is a number of yuan that is not negative."),
        "trip.stop_out_of_time": _("The stop “%(stop)s” lies outside the time of the trip. Correct its time."),
        "trip.too_few_places": _(
            "%(booked)s people are booked on %(trip)s, and by the rules in force only %(places)s of its seats may be taken."
            " Move %(over)s of them to another trip first."
        ),
        "trip.full": _(
            "%(trip)s has %(free)s free seats for %(wanted)s people: of %(rated)s rated seats %(places)s may be taken."
            " Choose another trip, or a larger vehicle."
        ),
        "trip.seat_taken": _("Seat %(seat)s of %(trip)s is taken. Choose another one."),
        "trip.no_such_seat": _("%(trip)s has no seat %(seat)s."),
        "trip.seat_kept": _(
            "Seat %(seat)s of %(trip)s lies in the rows at the back that are kept for whoever falls ill on the way."
        ),
        "trip.twice": _("%(name)s stands twice on the list."),
        "trip.booked_already": _("%(name)s is booked on %(trip)s already."),
        "trip.other_trip": _(
            "%(name)s is booked on %(other)s, which runs at the same time. Take them off %(other)s first."
        ),
        "trip.unknown_worker": _("Somebody on the list is not in the registry."),
        "trip.not_booked": _("%(name)s is not booked on %(trip)s."),
        "trip.wrong_stop": _("%(trip)s has no such stop."),
        "trip.on_the_way": _(
            "%(trip)s is on its way: nobody is added to it and nobody's seat is given away. Plan another trip."
        ),
        "trip.over": _("%(trip)s is over. Nothing of its plan can be changed."),
        "trip.cancelled": _("%(trip)s is cancelled."),
        "trip.not_released": _("%(trip)s is still a draft. The dispatcher has to release it first."),
        "trip.released": _("%(trip)s is released already."),
        "trip.nobody": _("Nobody is booked on %(trip)s. Book somebody before you release it."),
        "trip.no_reason": _("Say why: people who were booked will read it."),
        "trip.boarded": _("%(name)s is on board already, or has arrived: that stays on record."),
        "trip.not_on_manifest": _(
            "%(name)s is not on the manifest of %(trip)s. Nobody is added on the way: call the dispatcher."
        ),
        "trip.no_protocol": _("No rules are in force yet: ask the town's office."),
        "trip.no_clearance": _("Nothing is known of them yet: they must be surveyed first."),
        "trip.may_not_board": _("%(name)s may not board: %(reasons)s"),
        "trip.count": _("The number of people who were counted is a whole number from 0 on."),
        "trip.future": _("That lies in the future. Note it when it happens."),
        "staff.duty": _("Say whether they drive or look after the passengers."),
        "staff.passenger": _("%(name)s has a seat on %(trip)s as a passenger. Take them off first."),
        "staff.other_trip": _("%(name)s is of the crew of %(other)s, which runs at the same time."),
        "staff.not_named": _("%(name)s is not of the crew of %(trip)s. Load the page again."),
        "list.unknown": _(
            "Nobody here is called “%(name)s” and has this document or telephone number. Compare the row with the roster of their"
            " enterprise; whoever is missing there must be put on it first."
        ),
        "list.other_name": _("This document belongs to somebody of another name than “%(name)s”. Compare both."),
        "list.twice": _("%(name)s stands in row %(row)s already. Take one of the two rows out."),
        "list.no_seat": _("“%(text)s” is no seat. Write row and letter, such as 3B."),
        "list.seat_twice": _("Row %(row)s gives seat %(seat)s to %(name)s already. Give one of them another seat."),
        "list.seat_planned": _(
            "Seat %(seat)s is %(name)s's by the plan. Give another seat here, or move %(name)s on the page of the trip first."
        ),
        "list.wrong_trip": _("The row says trip “%(said)s”, and this is %(trip)s. Open that trip, or choose the right file."),
        "list.too_many": _(
            "With this list %(trip)s would have %(wanted)s people: of %(rated)s rated seats %(places)s may be taken,"
            " %(over)s fewer. Take %(over)s of them off the list or off the trip, or use another trip."
        ),
        "list.not_right": _("Something is wrong with this list now. Look at it again; nothing was changed."),
        "list.nothing_new": _("The list says what the plan says already; nothing was changed."),
        "seat_request.open": _("%(name)s has asked for a seat already. Change that request, or withdraw it."),
        "seat_request.closed": _("This request is planned or withdrawn already. Load the page again."),
        "seat_request.past": _("The day lies in the past. Choose today or a later day."),
        "seat_request.not_yours": _("%(name)s isn't employed by %(enterprise)s."),
        "seat_request.site": _("The destination is no site of %(enterprise)s."),
        "seat_request.place": _("The place where they get on is not on the list. Choose one, or have the dispatcher add it."),
        "seat_request.nobody": _("Choose at least one worker."),
        "place.name": _("Give the place a name."),
        "place.where": _("Latitude and longitude go together: decimal degrees, such as 29.27 and 117.17."),
        "place.taken": _("This place is on the list already."),
    }
)  # fmt: skip


class TripError(Fault):
    """Something that cannot be done with a trip: ``code`` is stable, ``field`` names the input."""
