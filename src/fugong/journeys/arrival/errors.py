"""What a checkpoint cannot take, in words that say what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare

declare(
    {
        "arrival.not_disinfected": _(
            "%(trip)s has not been disinfected yet. Nobody on it is checked in before that is recorded: agent, mg/L, minutes."
        ),
        "arrival.agent": _("Say with which agent the vehicle was disinfected."),
        "arrival.numbers": _("Concentration (mg/L) and minutes are numbers above 0."),
        "arrival.before_it_came": _("That lies before the trip departed, or in the future. Correct the time."),
        "arrival.early": _("They can't be checked in before the vehicle was disinfected, at %(at)s. Correct the time."),
        "arrival.disinfected": _("%(trip)s is disinfected already, and people are checked in. Have that record corrected."),
        "arrival.not_on_manifest": _(
            "%(name)s is not on the manifest of %(trip)s. Compare the document; if they did come with it, register them as extra."
        ),
        "arrival.on_manifest": _("%(name)s is on the manifest of %(trip)s: check them in as any other."),
        "arrival.celsius": _("%(value)s ℃ cannot be: a body temperature lies between 25 and 45. Type it with its point: 36.7."),
        "arrival.no_show": _(
            "%(name)s was noted as not having come. Compare the document; if it is them, register them as extra."
        ),
        "arrival.supplies": _("Say how many of “%(item)s” were handed out: a whole number from 1 on."),
        "arrival.no_fever": _("%(name)s has no fever on record: there is nobody to list as a contact."),
        "arrival.no_contacts": _("Choose at least one of those who sat near."),
        "arrival.not_near": _("%(name)s did not sit near, by the rule in force."),
    }
)  # fmt: skip


class ArrivalError(Fault):
    """Something that a checkpoint cannot take: ``code`` is stable, ``field`` names the input."""
