"""What a dispatcher types to have a day planned, and about vehicles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from fugong.base.choosing import offer
from fugong.base.faults import Fault
from fugong.clearance.forms import Moment
from fugong.journeys.models import Place
from fugong.journeys.planning.roads import Known, table
from fugong.journeys.trips.forms import Yuan


class PlanDay(forms.Form):
    """Which day, from when to when vehicles drive, and how long a plan is looked for."""

    day = forms.DateField(
        label=gettext_lazy("Day of the journey"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    leaves = Moment(label=gettext_lazy("Vehicles leave from"))
    arrives = Moment(label=gettext_lazy("Arrive no later than"))
    seconds = forms.IntegerField(
        label=gettext_lazy("Look for a plan for, seconds"), min_value=1, max_value=120, initial=30
    )
    ways = forms.FileField(
        label=gettext_lazy("Table of distances"), required=False,
        help_text=gettext_lazy("From, to, kilometres, minutes, by the names of places and sites; blank: estimated."),
    )  # fmt: skip

    def clean_ways(self) -> Known | None:
        """The ways of the table; None without one."""
        file = self.cleaned_data["ways"]
        if file is None:
            return None
        try:
            return table(file.read(), file.name)
        except Fault as fault:
            raise forms.ValidationError(fault.message) from None


class NewVehicle(forms.Form):
    """A vehicle that planning may use."""

    plate = forms.CharField(label=gettext_lazy("Plate"), max_length=32)
    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=64, required=False)
    rated_seats = forms.IntegerField(label=gettext_lazy("Rated seats"), min_value=1, max_value=2000)
    rows = forms.IntegerField(label=gettext_lazy("Rows of seats"), min_value=1, max_value=400)
    columns = forms.IntegerField(label=gettext_lazy("Seats a row"), min_value=1, max_value=24)
    sealed = forms.BooleanField(label=gettext_lazy("Sealed: its windows can't be opened"), required=False, initial=True)
    drivers = forms.IntegerField(label=gettext_lazy("Drivers"), min_value=1, max_value=9, initial=2)
    start = forms.ModelChoiceField(Place.objects.none(), label=gettext_lazy("Starts from"))
    fixed_fen = Yuan(
        label=gettext_lazy("Cost a trip, yuan"), min_value=0, max_digits=10, decimal_places=2, required=False
    )
    fen_per_km = Yuan(
        label=gettext_lazy("Cost a kilometre, yuan"), min_value=0, max_digits=8, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        found = Place.objects.filter(latitude__isnull=False).order_by("division", "name")
        offer(self, "start", found)
