"""What is wrong with an answer to a survey, or with a round of surveying, in words that say what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare

declare(
    {
        "survey.whereabouts": _("Say where you are: local, away, on the way, or back."),
        "survey.intended_past": _("The day of the return lies in the past. Correct it, or say that you are back."),
        "survey.origin": _("Say where you are: province, city and county."),
        "survey.stay_future": _("The stay is said to begin in the future. Correct the date."),
        "campaign.title": _("Give the round a title."),
        "campaign.times": _("The round is said to close before it opens. Compare the two days."),
        "campaign.nobody": _("Choose at least one of those who have not answered."),
        "risk_level.source": _("Say who announced the level, and where."),
        "risk_level.division": _("This division is not in the registry. Upload a list of risk levels that names it first."),
    }
)  # fmt: skip


class SurveyError(Fault):
    """An answer or a round that is refused: ``code`` is stable, ``field`` names the input."""


CONTRADICTIONS: dict[str, str | Promise] = {
    "intended_past": _("meant to come on a day that has passed, and has not arrived"),
    "local_elsewhere": _("is said never to have left, and to have stayed elsewhere"),
    "shared_phone": _("has the same telephone number as nine others or more"),
    "phone_elsewhere": _("has an address in one province and a landline of another"),
    "well_with_contact": _("is said to be back and well, and to have met a case"),
}
"""Why somebody is asked again, by the code of the contradiction."""
