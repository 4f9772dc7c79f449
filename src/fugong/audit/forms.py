"""What an auditor types to search."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.audit.directory import directory
from fugong.audit.purposes import PAGES
from fugong.audit.queries import Search, login_called
from fugong.base import local

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class _Moment(forms.CharField):
    """A moment in whole seconds, None without one."""

    widget = _MOMENT

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return local.parse(text)
        except ValueError:
            raise forms.ValidationError(_("Write the moment like 2020-03-09 18:00."), code="moment") from None


def _pages() -> list[tuple[str, Any]]:
    """Every page once, by its words."""
    titles: dict[str, str] = {}
    for address, title in PAGES.items():
        titles.setdefault(str(title), f"/{address}")
    return [("", "–"), *sorted(((address, title) for title, address in titles.items()), key=lambda one: one[1])]


class Asked(forms.Form):
    """A search: whatever is left empty doesn't matter."""

    since = _Moment(label=_("From"), required=False)
    until = _Moment(label=_("Before"), required=False)
    kind = forms.ChoiceField(
        label=_("What was done"),
        required=False,
        choices=[
            ("", "–"),
            ("read", _("data seen")),
            ("written", _("data written")),
            ("signing", _("sign-ins and sessions")),
            ("audit", _("audit searched")),
            ("power", _("decisions over many")),
        ],
    )
    purpose = forms.ChoiceField(label=_("On which page"), required=False, choices=_pages)
    actor = forms.CharField(
        label=_("By whom (user name)"), required=False, max_length=40, widget=forms.TextInput(attrs=_PLAIN)
    )
    organisation = forms.CharField(
        label=_("Organisation"), required=False, max_length=128, widget=forms.TextInput(attrs=_PLAIN)
    )
    q = forms.CharField(
        label=_("About whom"),
        help_text=_("A whole identity or phone number, or the address of somebody's file."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_PLAIN),
    )

    def clean_purpose(self) -> tuple[str, ...]:
        """Every address that has the words of the chosen one."""
        chosen = self.cleaned_data["purpose"]
        if not chosen:
            return ()
        title = str(PAGES[chosen[1:]])
        return tuple(address for address, words in PAGES.items() if str(words) == title)

    def clean_actor(self) -> UUID | None:
        """Whose login it is."""
        name = self.cleaned_data["actor"].strip()
        if not name:
            return None
        found = login_called(name)
        if found is None:
            raise forms.ValidationError(_("There is no login of this name."), code="actor")
        return found

    def clean_organisation(self) -> tuple[UUID, ...] | None:
        """Those whose name holds the text."""
        text = self.cleaned_data["organisation"].strip()
        if not text:
            return None
        found = tuple(directory().organisations_called(text))
        if not found:
            raise forms.ValidationError(_("No enterprise, site or patch has a name like this."), code="organisation")
        return found

    def clean_q(self) -> tuple[UUID, ...] | None:
        """The person, if it is a whole number: nobody is found by a part of one, or by name."""
        text = self.cleaned_data["q"].strip()
        if not text:
            return None
        found = tuple(directory().persons(text))
        if not found:
            raise forms.ValidationError(
                _("Nobody has this number or address. Type a whole number, or copy the whole address."), code="person"
            )
        return found

    def search(self) -> Search:
        """What was asked for, once it is valid."""
        asked = self.cleaned_data
        return Search(
            since=asked["since"], until=asked["until"], actor=asked["actor"], kind=asked["kind"], pages=asked["purpose"],
            organisations=asked["organisation"], persons=asked["q"],
        )  # fmt: skip
