"""What resumption refuses, in sentences that a clerk understands: what, where, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare


class ResumptionError(Fault):
    """Something that resumption refuses; ``field`` names the input."""


declare(
    {
        "resumption.unknown": _("There is no such filing. Load the page again."),
        "resumption.already": _("This enterprise works already, since %(since)s: there is nothing to file."),
        "resumption.open": _("This enterprise has a filing already (%(state)s). Go on with that one."),
        "resumption.other_state": _("This filing is by now: %(state)s. Load the page again."),
        "resumption.no_plan": _("Write down the plan of prevention, or where it can be seen, or send it as a file."),
        "resumption.not_promised": _("All commitments have to be ticked: they are what the enterprise promises."),
        "resumption.not_signed": _("Say who signs the commitments."),
        "resumption.incomplete": _("Still missing: %(items)s. Answer these first; what is known is not asked again."),
        "resumption.too_early": _("Work can't begin before the filing: choose today or a later day."),
        "resumption.too_late": _("Choose a day within the next %(days)s days."),
        "resumption.own": _("Nobody approves what they filed themselves. Somebody else has to look at it."),
        "resumption.no_reason": _("Say why, in a few words: the enterprise reads it."),
        "resumption.not_working": _("This enterprise doesn't work by any resumption now: there is nothing to stop."),
        "resumption.checked": _("This filing was checked already."),
        "resumption.condition_met": _("This condition is met already."),
        "resumption.condition_words": _("Say what you saw."),
        "resumption.rule_past": _("The new way of filing begins today or later: what was filed before stays as it was."),
        "resumption.rule_taken": _("A way of filing begins on that day already. Choose another day."),
        "resumption.nothing_asked": _("The page didn't say what to do. Load it again."),
        "resumption.no_regime": _("Choose one of the three ways."),
        "resumption.paper_unknown": _("There is no paper of that kind."),
        "capacity.future": _("The day is still to come. Correct the date."),
        "capacity.old": _("This day is more than %(days)s days ago. Ask the town to take it in by a list."),
        "capacity.words": _("Say why the figure is right, or correct it."),
        "capacity.nothing_asked": _("Nothing about the figures of this enterprise is open."),
    }
)  # fmt: skip
