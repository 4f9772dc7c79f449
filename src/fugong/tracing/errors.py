"""What contact tracing cannot take, in words that say what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare

declare(
    {
        "tracing.no_ground": _(
            "A case rests on a positive test or on a diagnosis that stands. This one was taken back or corrected: look at the"
            " worker's file."
        ),
        "tracing.case_there": _("%(name)s has an open case already. Go on with that one."),
        "tracing.ground_used": _("There is a case of this result already, and it is closed."),
        "tracing.times": _("The first symptom or sample lies after the moment at which they were set apart. Correct the times."),
        "tracing.future": _("That moment is still to come. Correct the time."),
        "tracing.moment": _("That is no time. Type it as 2020-03-09 09:30."),
        "tracing.nothing_asked": _("Nothing was chosen to be done. Load the page again."),
        "tracing.closed": _("The case is closed: nothing of it changes any more. Open a new one where a new result is found."),
        "tracing.nobody": _("Choose at least one person."),
        "tracing.unknown_contact": _("Somebody whom you chose is not on the list of this case. Load the page again."),
        "tracing.no_reason": _("Say why: whoever reads this later has to understand it."),
        "tracing.confirmed_already": _(
            "%(name)s is confirmed already. Where that was wrong, withdraw it with a reason: the ledger keeps both."
        ),
        "tracing.nothing_to_withdraw": _("Nobody of them is confirmed: there is nothing to withdraw."),
        "tracing.undecided": _("%(people)s people have not been reviewed yet. Confirm or dismiss them, then close the case."),
        "tracing.undone": _(
            "%(tasks)s disinfections have not been done yet. Have them done, or say why one is not needed, then close the case."
        ),
        "tracing.task_settled": _("This disinfection has been recorded or dismissed already."),
        "tracing.task_there": _("This place is on the list of disinfections already."),
        "tracing.task_place": _("Say what has to be disinfected and where, so that whoever does it finds it."),
        "tracing.agent": _("Say with which agent it was disinfected."),
        "tracing.numbers": _("Concentration (mg/L) and minutes are numbers above 0."),
        "tracing.before_the_case": _("That lies before the case was found, or in the future. Correct the time."),
    }
)  # fmt: skip


class TracingError(Fault):
    """Something that contact tracing cannot take: ``code`` is stable, ``field`` names the input."""
