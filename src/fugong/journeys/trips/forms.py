"""What dispatchers, crews and clerks type about trips."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.choosing import Choices, offer
from fugong.clearance.forms import Moment
from fugong.journeys.models import MODES, Place
from fugong.journeys.trips.seats import Seat
from fugong.journeys.trips.services import Layout, Stop
from fugong.registry import choosing, divisions
from fugong.registry.models import Site


def division_code(typed: str) -> str:
    """The code of a division that is typed by its code or its name. Raises ValidationError."""
    text = "".join(typed.split())
    if text.isascii() and text.isdecimal():
        return text
    found = divisions.resolve(text)
    if len(found) != 1:
        raise forms.ValidationError(
            _("Which division is “%(text)s”? Write province, city and county, or the six-digit code.")
            % {"text": typed[:40]}
        )
    return found[0]


def seat(typed: str) -> Seat | None:
    """A seat as it stands on the vehicle (``3B``); None for nothing. Raises ValidationError."""
    from fugong.journeys.models import LETTERS

    text = typed.strip().upper()
    if not text:
        return None
    row, letter = text[:-1], text[-1]
    if not (row.isascii() and row.isdecimal() and letter in LETTERS and len(row) < 4):
        raise forms.ValidationError(_("A seat is a row and a letter, such as 3B."))
    return int(row), LETTERS.index(letter) + 1


def destinations() -> Choices:
    """Where a trip may go: every site."""
    return choosing.sites(Site.objects.all())


class Yuan(forms.DecimalField):
    """Yuan, as people type them; cleaned to fen."""

    def clean(self, value: Any) -> int:
        found = super().clean(value)
        return 0 if found is None else round(found * 100)


class NewTrip(forms.Form):
    """A trip that is not there yet."""

    code = forms.CharField(label=gettext_lazy("Trip number"), max_length=64)
    mode = forms.ChoiceField(label=gettext_lazy("Means of travel"), choices=MODES)
    origin_division = forms.CharField(
        label=gettext_lazy("Leaves from"), max_length=60,
        help_text=gettext_lazy("Province, city and county, or the six-digit code."),
    )  # fmt: skip
    site = forms.ModelChoiceField(Site.objects.none(), label=gettext_lazy("Destination"))
    departs = Moment(label=gettext_lazy("Departs at"))
    arrives = Moment(label=gettext_lazy("Arrives at"))
    vehicle = forms.CharField(label=gettext_lazy("Plate or flight"), max_length=32, required=False)
    carrier = forms.CharField(label=gettext_lazy("Carrier"), max_length=64, required=False)
    rated = forms.IntegerField(label=gettext_lazy("Rated seats"), min_value=1, max_value=2000)
    rows = forms.IntegerField(label=gettext_lazy("Rows of seats"), min_value=1, max_value=400)
    columns = forms.IntegerField(label=gettext_lazy("Seats a row"), min_value=1, max_value=24)
    sealed = forms.BooleanField(label=gettext_lazy("Sealed: its windows can't be opened"), required=False, initial=True)
    stops = forms.CharField(
        label=gettext_lazy("Stops on the way"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line: time and name, such as “08:30 coach station”."),
    )  # fmt: skip
    cost = Yuan(label=gettext_lazy("Cost, yuan"), min_value=0, max_digits=12, decimal_places=2, required=False)
    subsidy = Yuan(label=gettext_lazy("Subsidy, yuan"), min_value=0, max_digits=12, decimal_places=2, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "site", destinations().rows)

    def clean_origin_division(self) -> str:
        """The division's code."""
        return division_code(self.cleaned_data["origin_division"])

    def said(self) -> dict[str, Any]:
        """What the service is told; valid forms only. Raises ValidationError for a stop without a time."""
        given = self.cleaned_data
        return {
            "code": given["code"], "mode": given["mode"], "origin_division": given["origin_division"],
            "site": given["site"].pk, "departs": given["departs"], "arrives": given["arrives"],
            "vehicle": given["vehicle"], "carrier": given["carrier"], "cost_fen": given["cost"],
            "subsidy_fen": given["subsidy"], "stops": _stops(given["stops"], given["departs"]),
            "layout": Layout(given["rated"], given["rows"], given["columns"], given["sealed"]),
        }  # fmt: skip


class NewPlace(forms.Form):
    """A place where people get on."""

    name = forms.CharField(label=gettext_lazy("Name of the place"), max_length=64)
    division = forms.CharField(
        label=gettext_lazy("Lies in"), max_length=60,
        help_text=gettext_lazy("Province, city and county, or the six-digit code."),
    )  # fmt: skip
    site = forms.ModelChoiceField(
        Site.objects.none(), label=gettext_lazy("It is where this site lies"), required=False,
        help_text=gettext_lazy("For a plant or dormitory to which people are brought; blank for a boarding place."),
    )  # fmt: skip
    latitude = forms.FloatField(label=gettext_lazy("Latitude"), required=False)
    longitude = forms.FloatField(label=gettext_lazy("Longitude"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        free = choosing.sites(Site.objects.filter(place=None))
        offer(self, "site", free.rows, label=free.label)

    def clean_division(self) -> str:
        """The division's code."""
        return division_code(self.cleaned_data["division"])

    def clean_site(self) -> UUID | None:
        """The site's id."""
        return site.pk if (site := self.cleaned_data["site"]) else None


class AskForSeats(forms.Form):
    """An enterprise asks for seats for those who are ticked beside the form."""

    place = forms.ModelChoiceField(Place.objects.none(), label=gettext_lazy("Where they get on"))
    site = forms.ModelChoiceField(Site.objects.none(), label=gettext_lazy("Destination"))
    day = forms.DateField(
        label=gettext_lazy("Day of the journey"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    words = forms.CharField(label=gettext_lazy("Note for the dispatcher"), max_length=200, required=False)

    def __init__(self, *args: Any, enterprise: UUID, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "place", Place.objects.order_by("division", "name"))
        offer(self, "site", Site.objects.filter(enterprise=enterprise).order_by("name"))


def _stops(typed: str, departs: int) -> list[Stop]:
    """Stops as they were typed, one a line; each at its time after the departure, on the next day where that is earlier."""
    from fugong.base import local

    found: list[Stop] = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        clock, _space, name = line.replace("：", ":").partition(" ")
        try:
            at = local.at(local.day_of(departs), clock)
        except ValueError:
            raise forms.ValidationError(
                _("“%(line)s” is no stop. Write its time and its name, such as “08:30 coach station”.")
                % {"line": line[:40]}
            ) from None
        while at < (found[-1].at if found else departs):
            at = local.at(local.day_after(local.day_of(at)), clock)
        found.append(Stop(name.strip() or clock, at))
    return found
