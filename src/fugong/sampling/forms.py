"""What people type into the pages of sampling."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.base import local
from fugong.clearance.forms import Moment
from fugong.ledger.wording import CHOICES
from fugong.sampling.models import RESULTS, SlotOffer, Tube
from fugong.sampling.services.slots import MOST_PLACES


class Result(forms.Form):
    """A tube's result by hand; with a reason where it has one already."""

    result = forms.ChoiceField(
        label=_("Result"), choices=[(name, CHOICES[name]) for name in RESULTS], widget=forms.RadioSelect
    )
    reported_at = Moment(label=_("Reported at"))
    reason = forms.CharField(label=_("Why it is corrected"), max_length=200)

    def __init__(self, *args: Any, tube: Tube | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if tube is None or tube.state != Tube.RESULTED:
            del self.fields["reason"]
        initial = self.initial.get("reported_at")
        if isinstance(initial, int):
            self.initial["reported_at"] = f"{local.to_datetime(initial):%Y-%m-%dT%H:%M}"


class Spoiled(forms.Form):
    """What happened to a tube."""

    why = forms.CharField(label=_("What happened to the tube"), max_length=200)


class Offer(forms.Form):
    """Slots of one day, one after the other."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    first = forms.TimeField(
        label=_("First slot begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    last = forms.TimeField(label=_("Last slot ends"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=SlotOffer._meta.get_field("minutes").verbose_name, min_value=1, max_value=1440)
    places = forms.IntegerField(label=_("Places in each slot"), min_value=1, max_value=MOST_PLACES)

    def times(self) -> tuple[int, int]:
        """When the first slot begins and the last one ends."""
        day = self.cleaned_data["day"]
        first, last = (local.at(day, f"{self.cleaned_data[name]:%H:%M}") for name in ("first", "last"))
        return first, last


class Labels(forms.Form):
    """How many labels are printed."""

    number = forms.IntegerField(label=_("Number of labels"), min_value=1, max_value=600, initial=60)


class Settle(forms.Form):
    """To which tube a refused row belongs; what it doesn't say clearly is given here."""

    barcode = forms.CharField(label=_("Barcode of the tube"), max_length=40)
    result = forms.ChoiceField(label=_("Result"), choices=[(name, CHOICES[name]) for name in RESULTS])
    reported_at = Moment(label=_("Reported at"))
