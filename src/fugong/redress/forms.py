"""What people type into requests and answers; the form of a correction is made from the kind of the fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.faults import Fault
from fugong.base.templatetags.fugong import for_input
from fugong.base.typed import decimal
from fugong.clearance.forms import Moment
from fugong.core.time import PLUS_INF
from fugong.ledger import wording
from fugong.ledger.kinds import KINDS, Field, Kind
from fugong.ledger.models import Fact
from fugong.redress.services import MOST_CHARACTERS, Right
from fugong.registry import divisions
from fugong.registry.queries import names_of

NOT_THEIRS = {"door", "filed_by"}
"""Values that say where and by whom a fact was made: ids and codes that a person can't know."""
KNOWN = "v_"
_YES_NO = [("", "—"), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]


class Number(forms.FloatField):
    """A number as people type it: full-width digits, a comma, a unit."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # Django makes the field of one of whole numbers
        """The number; None when nothing was typed."""
        typed = decimal(value) if isinstance(value, str) else value
        try:
            return super().to_python(typed)
        except forms.ValidationError:
            raise forms.ValidationError(_("“%(value)s” is no number.") % {"value": typed}) from None


class Place(forms.CharField):
    """A division by its name, or by its code; cleaned to the code. What was held stays what it was."""

    def __init__(self, code: str, name: str, **more: Any) -> None:
        super().__init__(initial=name, max_length=60, **more)
        self.code, self.name = code, name

    def clean(self, value: Any) -> str:
        """The code. Raises ValidationError for a name that means none or several."""
        text = super().clean(value).replace(" ", "")
        if text in ("", self.name):
            return self.code if text else ""
        found = (text,) if text.isdigit() and divisions.is_known(text) else divisions.resolve(text)
        if len(found) != 1:
            raise forms.ValidationError(
                _("“%(value)s” is no division that is known, or several. Write province, city and county.")
                % {"value": text}
            )
        return found[0]


def words_field(label: Any, help_text: Any = "") -> forms.CharField:
    """A field for somebody's own words."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 4})
    )


class Files(forms.ClearableFileInput):
    """Several files in one input."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The files that were chosen, possibly none."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file. Raises ValidationError for one that did not come whole."""
        given = data if isinstance(data, list) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class Words(forms.Form):
    """What is wrong, in the person's own words, with evidence."""

    wrong = words_field(gettext_lazy("What is wrong?"))
    evidence = FilesField(
        label=gettext_lazy("Evidence: up to three pictures or PDF files, 5 MB each"), required=False,
        widget=Files(attrs={"accept": "image/jpeg,image/png,application/pdf", "multiple": True}),
    )  # fmt: skip

    def refused(self, fault: Fault) -> None:
        """Show what the ledger or the service refuses, at the input that it concerns where there is one."""
        name = fault.field or ""
        place = next((one for one in (name, KNOWN + name) if one in self.fields), None)
        self.add_error(
            {"at": "start", "from": "start"}.get(name, place) if name in ("at", "from") else place, fault.message
        )


class Question(forms.Form):
    """Why somebody wants to know who looked."""

    wrong = words_field(gettext_lazy("Why do you ask?"))

    def refused(self, fault: Fault) -> None:
        """Show what the service refuses."""
        self.add_error(fault.field if fault.field in self.fields else None, fault.message)


class Correction(Words):
    """What is right in place of a fact: a field for each value that a person can know, filled with what is held."""

    def __init__(self, fact: Fact, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fact, self.kind = fact, KINDS[fact.kind]
        self.names = names_of(wording.referred_to(fact.kind, fact.values))
        self.follows = _follows(self.kind, fact)
        for one in self.kind.fields:
            if one.name not in NOT_THEIRS and one.type in _MADE:
                made = _MADE[one.type](one, fact.values.get(one.name), self.names)
                made.label, made.required = str(one.title), False
                self.fields[KNOWN + one.name] = made
        if self.follows is None:
            label = _("When") if self.kind.shape == "event" else _("From")
            self.fields["start"] = Moment(label=label, initial=for_input(fact.start), required=False)
        if self.kind.shape == "state":
            until = "" if fact.end >= PLUS_INF else for_input(fact.end)
            self.fields["end"] = Moment(label=_("To (empty: it goes on)"), initial=until, required=False)
        self.fields["never"] = forms.BooleanField(label=_("This never was, or it is not about me"), required=False)
        self.order_fields(
            ["wrong", "never", *(name for name in self.fields if name.startswith(KNOWN)), "start", "end", "evidence"]
        )

    def right(self) -> Right | None:
        """What is right, in the form of the ledger; None where the fact never was."""
        given = self.cleaned_data
        if given["never"]:
            return None
        values = dict(self.fact.values)
        for one in self.kind.fields:
            if KNOWN + one.name in self.fields:
                value = _READ.get(one.type, _same)(given[KNOWN + one.name])
                values.pop(one.name, None)
                if value not in (None, "", []):
                    values[one.name] = value
        start = values.get(self.follows) if self.follows else given["start"]
        if start is None or for_input(start) == for_input(self.fact.start):
            start = self.fact.start  # inputs know no seconds
        return Right(self._with_seconds(values), start, self._end(given.get("end")))

    def _with_seconds(self, values: dict[str, Any]) -> dict[str, Any]:
        """Moments that weren't touched keep the seconds that the input doesn't show."""
        for one in self.kind.fields:
            held = self.fact.values.get(one.name)
            if one.type == "moment" and held is not None and one.name in values:
                values[one.name] = held if for_input(values[one.name]) == for_input(held) else values[one.name]
        return values

    def _end(self, typed: int | None) -> int | None:
        if typed is not None and self.fact.end < PLUS_INF and for_input(typed) == for_input(self.fact.end):
            return self.fact.end
        return typed


class Answer(forms.Form):
    """What the town says to the person."""

    answer = words_field(
        gettext_lazy("Answer to the person"),
        gettext_lazy("The person reads these words: what was found, and what happens now."),
    )

    def refused(self, fault: Fault) -> None:
        """Show what the service refuses."""
        self.add_error(fault.field if fault.field in self.fields else None, fault.message)


def _follows(kind: Kind, fact: Fact) -> str | None:
    """The value with which the fact begins: a test begins when its sample was taken."""
    return next(
        (one.name for one in kind.fields if one.type == "moment" and fact.values.get(one.name) == fact.start), None
    )


def _same(value: Any) -> Any:
    return value


def _text(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return forms.CharField(initial=held or "", max_length=200)


def _list(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return forms.CharField(
        initial=_(", ").join(held or ()), max_length=500, help_text=_("Several: with commas between them.")
    )


def _listed(text: str) -> list[str]:
    for separator in "，、；;\n":
        text = text.replace(separator, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return Number(initial=held)


def _whole(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return forms.IntegerField(initial=held, widget=forms.TextInput(attrs={"inputmode": "numeric"}))


def _flag(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return forms.ChoiceField(choices=_YES_NO, initial={True: "yes", False: "no"}.get(held, ""))


def _choice(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return forms.ChoiceField(choices=[("", "—"), *((key, wording.CHOICES[key]) for key in one.choices)], initial=held)


def _moment(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return Moment(initial=None if held is None else for_input(held))


def _date(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return forms.DateField(initial=held, widget=forms.DateInput(attrs={"type": "date"}))


def _place(one: Field, held: Any, names: wording.Names) -> forms.Field:
    return Place(held or "", names.get(held, held) if held else "")


_MADE: dict[str, Callable[[Field, Any, wording.Names], forms.Field]] = {
    "text": _text, "number": _number, "whole": _whole, "flag": _flag, "moment": _moment, "date": _date,
    "choice": _choice, "list": _list, "division": _place,
}  # fmt: skip
_READ: dict[str, Callable[[Any], Any]] = {
    "flag": {"yes": True, "no": False}.get, "list": _listed,
    "date": lambda value: value.isoformat() if value else None,
}  # fmt: skip
