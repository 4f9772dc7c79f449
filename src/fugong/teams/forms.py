"""What the town and the teams type: members, enterprises' places, problems."""

from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from fugong.base import local
from fugong.base.choosing import offer
from fugong.base.models import User
from fugong.teams.models import PROBLEM_KINDS, ServiceTeam
from fugong.teams.services.people import ROLE


class NewMember(forms.Form):
    """Somebody who joins a team."""

    user = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Login"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=32)
    leads = forms.BooleanField(label=gettext_lazy("leads the team"), required=False)

    def __init__(self, team: ServiceTeam, data: QueryDict | None = None) -> None:
        self.team = team
        super().__init__(data)
        found = User.objects.filter(role_name=ROLE, scope_id=team.patch_id, is_active=True).order_by("username")
        offer(self, "user", found)


class Areas(forms.Form):
    """The patches on the map."""

    file = forms.FileField(label=gettext_lazy("GeoJSON of the patches"))


class Place(forms.Form):
    """Where an enterprise lies, in degrees."""

    latitude = forms.FloatField(
        label=gettext_lazy("Latitude (°N)"), min_value=-90, max_value=90, widget=forms.NumberInput(attrs={"step": "any"}),
        help_text=gettext_lazy("For example 26.01"),
    )  # fmt: skip
    longitude = forms.FloatField(
        label=gettext_lazy("Longitude (°E)"), min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any"}), help_text=gettext_lazy("For example 119.61"),
    )  # fmt: skip


class NewProblem(forms.Form):
    """A problem that an enterprise has."""

    kind = forms.ChoiceField(label=gettext_lazy("kind of problem"), choices=PROBLEM_KINDS)
    words = forms.CharField(
        label=gettext_lazy("What is the problem?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    owner = forms.CharField(label=gettext_lazy("Who sees to it? (empty: the team)"), max_length=64, required=False)
    due = forms.DateField(
        label=gettext_lazy("Until when"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class Step(forms.Form):
    """One step of a problem: which, and what it needs. The service says what is missing."""

    step = forms.ChoiceField(choices=[(one, one) for one in ("hand", "answer", "close", "reopen")])
    words = forms.CharField(label=gettext_lazy("In words"), max_length=1000, required=False)
    owner = forms.CharField(label=gettext_lazy("Who sees to it?"), max_length=64, required=False)
    word_of = forms.CharField(label=pgettext_lazy("of the enterprise", "Who said so?"), max_length=64, required=False)
    due = forms.DateField(required=False)


def end_of(day: date | None) -> int:
    """The last second of a day; 0 where none was given."""
    return 0 if day is None else local.start_of_day(day) + local.DAY - 1


def day_in(text: str, now: int) -> date:
    """The day in an address; today where there is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return local.day_of(now)
