"""What people type into the clearance pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base import local
from fugong.base.choosing import offer
from fugong.base.models import User
from fugong.clearance import deputies
from fugong.clearance.models import Adoption

LARGEST = 1_000_000


class Upload(forms.Form):
    """A protocol pack of one's own."""

    pack = forms.FileField(
        label=gettext_lazy("Pack file (YAML)"), widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"})
    )

    def clean_pack(self) -> str:
        """The file's text."""
        file = self.cleaned_data["pack"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 1 MB. A protocol pack is a short text."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("The file is not UTF-8 text. Save it as UTF-8 and upload it again.")
            ) from None


class Moment(forms.CharField):
    """A local date and time, as ``<input type="datetime-local">`` sends it; cleaned to epoch seconds."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def to_python(self, value: object) -> int | None:  # type: ignore[override]  # seconds, of a field of text
        """The moment; None when nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return local.parse(text)
        except ValueError:
            raise forms.ValidationError(_("Please give date and time, for example 2020-03-09 07:00.")) from None


class NameDeputy(forms.Form):
    """Who decides in an approver's place, from when to when."""

    deputy = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Deputy"))
    start = Moment(label=gettext_lazy("From"))
    end = Moment(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "deputy", deputies.deputy_logins())


class Suspend(forms.Form):
    """From when a protocol is to be suspended."""

    effective_from = Moment(label=gettext_lazy("Suspended from"))


class Adopt(forms.Form):
    """From when a pack is to be in force. ``text`` carries the pack itself from page to page."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=LARGEST)
    effective_from = Moment(label=gettext_lazy("In force from"))
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_effective_from(self) -> int:
        """A moment at which no other protocol begins."""
        moment = int(self.cleaned_data["effective_from"])
        if Adoption.objects.filter(effective_from=moment, suspends=None).exists():
            raise forms.ValidationError(_("Another protocol comes into force at this very moment. Choose another one."))
        return moment
