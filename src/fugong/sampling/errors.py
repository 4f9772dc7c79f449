"""What sampling refuses, in words that whoever orders, samples or hands in results understands: what, where, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare


class SamplingError(Fault):
    """Something that sampling refuses; ``field`` names the input."""


declare(
    {
        # sites and slots
        "sampling.no_site": _("This site does not serve for sampling at that time. Choose another site."),
        "slot.wrong_times": _("The last slot must begin after the first one, on the same day. Correct the times."),
        "slot.too_many": _("That would be %(number)s slots at once; at most %(most)s. Make longer slots or fewer."),
        "slot.places": _("A slot has 1 to %(most)s places."),
        "slot.taken": _("%(booked)s people have an appointment in this slot. Move them first."),
        "slot.full": _("The slot at %(start)s has no free place. Choose another one."),
        "slot.gone": _("This slot is no longer offered. Choose another one."),
        "slot.too_early": _("The test is ordered from %(moment)s on; this slot ends before. Choose a later one."),
        "slot.too_late": _("The test is due by %(moment)s; this slot ends after. Choose an earlier one."),
        "slot.past": _("This slot is over. Choose a later one."),
        # orders
        "order.nobody": _("Choose at least one person."),
        "order.not_open": _("This order is %(state)s: nothing about it can be changed any more."),
        "order.sampled": _("The swab is taken already (tube %(barcode)s): wait for the result."),
        "order.no_reason": _("Say why the test is cancelled."),
        # tubes
        "tube.barcode": _("“%(barcode)s” is no barcode of a tube. Scan it again, or type the characters below the bars."),
        "tube.barcode_taken": _("The tube %(barcode)s is in use already. Take another one."),
        "tube.unknown": _("There is no tube “%(barcode)s” here. Compare the number with the tube."),
        "tube.none": _("Open a tube first, or choose one that is open."),
        "tube.size": _("The rules in force allow no pools of %(size)s. Allowed: %(allowed)s."),
        "tube.full": _("%(number)s people are in tube %(barcode)s already: that is as many as it is for. Open the next one."),
        "tube.not_open": _("Tube %(barcode)s is closed: nobody can be added or taken out. Open the next one."),
        "tube.empty": _("Nobody is in tube %(barcode)s yet."),
        "tube.twice": _("This person is in tube %(barcode)s already."),
        "tube.single_only": _("This person needs a tube of their own. Take a single tube."),
        "tube.no_reason": _("Say what happened to the tube."),
        "tube.has_result": _("Tube %(barcode)s has a result already: correct the result instead."),
        "tube.nobody_scanned": _("That is nobody's pass or badge here. Scan it again, or type the name or the last digits."),
        # results
        "result.not_closed": _("Tube %(barcode)s has not been closed: nobody says when its swabs were taken. Close it first."),
        "result.spoiled": _("Tube %(barcode)s was marked as spoiled (%(reason)s). Find out which tube the laboratory tested."),
        "result.early": _("The laboratory says %(reported)s, but tube %(barcode)s was closed at %(sampled)s. Correct the time."),
        "result.future": _("%(moment)s is still to come. Correct the time."),
        "result.contradicts": _(
            "Tube %(barcode)s already has another result (%(before)s). If this one is right, correct it by hand and say why."
        ),
        "result.no_result": _("Tube %(barcode)s has no result yet: there is nothing to correct."),
        "result.same": _("That is the result which tube %(barcode)s has already."),
        "result.no_reason": _("Say why the result is corrected."),
        # files of laboratories
        "lab.settled": _("This row has been settled already."),
        "lab.no_reason": _("Say why this row is dismissed."),
        "lab.no_result": _("The row says no result that is understood: choose the result and its time beside the tube."),
        # schedules
        "plan.nobody": _("Nobody waits for an appointment."),
        "plan.no_slots": _("No slots are offered in that time. Offer slots first."),
        "plan.no_time": _("No schedule was found in the time there is. Try again, or offer more slots."),
        "plan.decided": _("This schedule was decided already. Make a new one."),
        "plan.old": _("Orders or slots have changed since this schedule was made. Make a new one."),
    }
)  # fmt: skip
