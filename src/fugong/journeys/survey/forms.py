"""What people type about surveys: their own answer, a round of surveying, a risk level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fugong.journeys.survey.services import Answer
from fugong.journeys.trips.forms import division_code
from fugong.ledger.kinds import TRAVEL
from fugong.ledger.wording import CHOICES

_YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class SurveyAnswer(forms.Form):
    """Where somebody is, when and how they come back, how they are."""

    whereabouts = forms.ChoiceField(
        label=gettext_lazy("Where are you now?"), widget=forms.RadioSelect,
        choices=[(name, CHOICES[name]) for name in ("local", "away", "returning", "returned")],
    )  # fmt: skip
    division = forms.CharField(
        label=gettext_lazy("In which place are you, or were you?"), max_length=60, required=False,
        help_text=gettext_lazy("Province, city and county. Blank if you never left."),
    )  # fmt: skip
    since = _day(gettext_lazy("There since"))
    intended = _day(gettext_lazy("Day on which you mean to come back"))
    means = forms.ChoiceField(
        label=gettext_lazy("How will you come?"), required=False,
        choices=[("", gettext_lazy("not known yet")), *((name, CHOICES[name]) for name in TRAVEL)],
    )  # fmt: skip
    well = forms.ChoiceField(label=gettext_lazy("Do you feel well?"), widget=forms.RadioSelect, choices=_YES_NO)
    contact = forms.ChoiceField(
        label=gettext_lazy("Were you in contact with a case in the last 14 days?"),
        widget=forms.RadioSelect,
        choices=_YES_NO,
    )

    def clean_division(self) -> str:
        """The division's code; empty where none is given."""
        return division_code(given) if (given := self.cleaned_data["division"]) else ""

    def said(self) -> Answer:
        """What the service is told; of valid forms only."""
        given = self.cleaned_data
        return Answer(
            given["whereabouts"], given["division"], given["since"], given["intended"], given["means"],
            well=given["well"] == "yes", contact=given["contact"] == "yes",
        )  # fmt: skip


class NewCampaign(forms.Form):
    """A round of surveying."""

    title = forms.CharField(label=gettext_lazy("Title of the round"), max_length=64)
    first = _day(gettext_lazy("From the day"), required=True)
    last = _day(gettext_lazy("To the day"), required=True)


class NewLevel(forms.Form):
    """The risk level of a division, by hand."""

    division = forms.CharField(
        label=gettext_lazy("Division"), max_length=60,
        help_text=gettext_lazy("Province, city and county, or the six-digit code."),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=gettext_lazy("Risk level"), choices=[(name, CHOICES[name]) for name in ("high", "medium", "low")]
    )
    since = _day(gettext_lazy("From the day"), required=True)
    until = _day(
        gettext_lazy("To the day"), help_text=gettext_lazy("The last day of the level; blank while it goes on.")
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, help_text=gettext_lazy("Who announced it, and where.")
    )

    def clean_division(self) -> str:
        """The division's code."""
        return division_code(self.cleaned_data["division"])
