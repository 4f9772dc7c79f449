"""What a guard keyed in, as the services want it, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.base.typed import decimal, identifier
from fugong.doors.decisions import USUAL
from fugong.doors.queries import Before
from fugong.ledger.kinds import OVERRIDE_REASONS

KEYS = tuple(map(str, USUAL))
"""Usual temperatures, one key each."""
MOST_WORDS = 200
"""So many characters say why somebody is let in."""


@dataclass(slots=True)
class Keyed:
    """A check as it was keyed in; ``errors`` by field, in the page's language."""

    check: UUID
    direction: str
    celsius_text: str = ""
    celsius: float | None = None
    mask: bool = True
    gloves: bool = True
    well: bool | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def register(self) -> dict[str, bool] | None:
        """The register that was asked at the door, if it was."""
        return None if self.well is None else {"well": self.well}


@dataclass(slots=True)
class Said:
    """Why somebody shall be let in against a refusal; ``errors`` by field, in the page's language."""

    reason: str
    words: str
    errors: dict[str, str] = field(default_factory=dict)


def said(post: QueryDict) -> Said:
    """Read the form of an override."""
    result = Said(post.get("reason", ""), post.get("words", "").strip())
    if result.reason not in OVERRIDE_REASONS:
        result.errors["reason"] = _("Choose why.")
    elif result.reason == "other" and not result.words:
        result.errors["words"] = _("Say in words why.")
    elif len(result.words) > MOST_WORDS:
        result.errors["words"] = _("At most %(number)s characters.") % {"number": MOST_WORDS}
    return result


def keyed(post: QueryDict, asked: Before) -> Keyed:
    """Read the form of a check; ``asked`` is what the door asks of this worker."""
    answer = {"yes": True, "no": False}.get(post.get("well", ""))
    result = Keyed(
        identifier(post.get("check")), "out" if post.get("direction") == "out" else "in", mask="mask" in post,
        gloves="gloves" in post, well=answer,
    )  # fmt: skip
    _read_temperature(result, post)
    if result.direction == "in":
        if asked.temperature and result.celsius is None:
            result.errors.setdefault("celsius", _("Take the temperature and key it in."))
        if "register" in asked.asks and result.well is None:
            result.errors["well"] = _("Today's register is missing: ask, and tap the answer.")
    return result


def _read_temperature(result: Keyed, post: QueryDict) -> None:
    typed, key = decimal(post.get("celsius", "")), decimal(post.get("key", ""))
    result.celsius_text = typed or key
    if typed and key and typed != key:
        result.celsius_text = typed
        result.errors["celsius"] = _("Two temperatures: clear the field, or press “Check”.")
        return
    if not result.celsius_text:
        return
    try:
        result.celsius = float(result.celsius_text)
    except ValueError:
        result.errors["celsius"] = _("“%(value)s” is no temperature. Type it as in 36.7.") % {
            "value": result.celsius_text
        }


class Arranged(forms.Form):
    """Where somebody waits who must not go in, and whom the guard calls."""

    place = forms.CharField(
        label=gettext_lazy("Where they wait"), max_length=100, required=False,
        help_text=gettext_lazy("A place where nobody passes, for example: isolation tent outside the east door."),
    )  # fmt: skip
    call = forms.CharField(label=gettext_lazy("Whom the guard calls"), max_length=64, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=32, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
