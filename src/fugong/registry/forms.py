"""What people type into the registry's pages."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from fugong.base.faults import Fault
from fugong.ledger.wording import CHOICES
from fugong.registry.models import Enterprise
from fugong.registry.names import initials

INDUSTRIES = [(name, CHOICES[name]) for name in ("industrial", "commercial", "service")]


def refuse(form: forms.Form, fault: Fault) -> None:
    """Say at the field what a service refuses."""
    form.add_error(fault.field if fault.field in form.fields else None, fault.message)


class Setup(forms.Form):
    """The town that this installation serves."""

    name = forms.CharField(label=gettext_lazy("Name of the town, park or city"), max_length=64)
    code = forms.CharField(
        label=gettext_lazy("Division code"),
        help_text=gettext_lazy("6 digits for a city or district, 9 for a town or subdistrict (GB/T 2260)."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        """Digits only, spaces taken out."""
        code = "".join(str(self.cleaned_data["code"]).split())
        if not re.fullmatch(r"\d{6}(\d{3}){0,2}", code):
            raise forms.ValidationError(_("A division code has 6, 9 or 12 digits."))
        return code


class NewEnterprise(forms.Form):
    """An enterprise that is not in the registry yet."""

    name = forms.CharField(label=gettext_lazy("Name of the enterprise"), max_length=128)
    credit_code = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        help_text=gettext_lazy("18 characters, as on the business licence."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    industry = forms.ChoiceField(
        label=gettext_lazy("Kind of industry"), choices=INDUSTRIES, widget=forms.RadioSelect, initial="industrial"
    )
    key = forms.SlugField(
        label=gettext_lazy("Short key"),
        help_text=gettext_lazy("Latin letters for addresses and files; left empty, it is made from the name."),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_credit_code(self) -> str:
        """Upper case, spaces taken out."""
        return "".join(str(self.cleaned_data["credit_code"]).split()).upper()

    def clean(self) -> dict[str, Any]:
        """Without a key, one is made."""
        cleaned = super().clean() or {}
        if cleaned.get("name") and not cleaned.get("key") and "key" not in self.errors:
            cleaned["key"] = free_key(cleaned["name"])
        return cleaned


def free_key(name: str) -> str:
    """A short key that nobody has: the name's initials, with a number where they are taken."""
    stem = re.sub(r"[^a-z0-9]", "", initials(name))[:24] or "e"
    taken = set(Enterprise.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for key in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


class Named(forms.Form):
    """A site or a door: its name."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=64)
