"""Template tags and filters of every page: moments, numbers, words in the page's language, and small components."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.template import Context
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from fugong.base import clock, local
from fugong.core.text import Text
from fugong.core.time import MINUS_INF, PLUS_INF

register = template.Library()

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


def _day(day: date) -> str:
    this_year = local.day_of(clock.now()).year
    if _chinese():
        return f"{day.month}月{day.day}日" if day.year == this_year else f"{day.year}年{day.month}月{day.day}日"
    short = f"{day.day} {_MONTHS[day.month - 1]}"
    return short if day.year == this_year else f"{short} {day.year}"


@register.filter
def moment(value: int | None) -> str:
    """A moment (epoch seconds) as people read it: ``3月9日 07:40``, ``9 Mar 07:40``; with the year when it isn't this one."""
    if value is None:
        return "—"
    if value <= MINUS_INF:
        return _("from the beginning")
    if value >= PLUS_INF:
        return _("without end")
    when = local.to_datetime(value)
    return f"{_day(when.date())} {when:%H:%M}"


@register.filter
def day(value: int | date | None) -> str:
    """The local day of a moment, or a date: ``3月9日``, ``9 Mar``; the ends of time in words."""
    if value is None:
        return "—"
    if isinstance(value, int) and not MINUS_INF < value < PLUS_INF:
        return moment(value)
    if isinstance(value, datetime):
        return _day(value.date())
    return _day(value if isinstance(value, date) else local.day_of(value))


@register.filter
def day_before(value: int | None) -> str:
    """The last local day that ends by a moment: of what holds until before it."""
    return day(value if value is None or value >= PLUS_INF else value - 1)


@register.filter
def for_ever(value: int | None) -> bool:
    """Whether a moment is the end of time."""
    return value is None or value >= PLUS_INF


@register.filter
def iso(value: int) -> str:
    """A moment for the ``datetime`` attribute of ``<time>``; empty at the ends of time."""
    return local.rfc3339(value) if MINUS_INF < value < PLUS_INF else ""


@register.filter
def for_input(value: int) -> str:
    """A moment as ``<input type="datetime-local">`` wants it."""
    return f"{local.to_datetime(value):%Y-%m-%dT%H:%M}"


@register.filter
def number(value: float | None) -> str:
    """A number with its thousands apart."""
    return "—" if value is None else f"{value:,}"


@register.filter
def unlocalised(value: float) -> str:
    """A number for an attribute: digits only."""
    return repr(value)


@register.filter
def percent(value: float | None) -> str:
    """A share as a percentage with one decimal at most: ``0.967`` is ``96.7%``."""
    if value is None:
        return "—"
    return f"{value * 100:.1f}".rstrip("0").rstrip(".") + "%"


@register.filter
def wan(yuan: float) -> str:
    """An amount of money as people read it: in 万元 in Chinese, in thousands or millions of yuan in English."""
    if _chinese():
        return f"{yuan / 10_000:,.1f}".rstrip("0").rstrip(".") + "万元"
    if yuan >= 1_000_000:
        return f"¥{yuan / 1_000_000:,.1f} M"
    return f"¥{yuan:,.0f}"


@register.filter
def words(value: Text | str | None) -> str:
    """A pair of sentences in the language of the page."""
    if value is None:
        return ""
    return value.text(translation.get_language() or "") if isinstance(value, Text) else str(value)


_UNITS = {
    "s": pgettext_lazy("unit", "seconds"),
    "m": pgettext_lazy("unit", "minutes"),
    "h": pgettext_lazy("unit", "hours"),
    "d": pgettext_lazy("unit", "days of 24 hours"),
    "days": pgettext_lazy("unit", "calendar days"),
    "minutes": pgettext_lazy("unit", "minutes"),
    "celsius": pgettext_lazy("unit", "℃"),
    "count": pgettext_lazy("unit", "times"),
    "time_of_day": pgettext_lazy("unit", "o'clock"),
}


@register.filter
def unit(name: str) -> str:
    """The unit of a pack's parameter in words."""
    return str(_UNITS.get(name, ""))


@register.simple_tag(takes_context=True)
def posted(context: Context, name: str, otherwise: Any = "", **about: Any) -> Any:
    """What was typed under a name into a form that was refused, else ``otherwise``.

    Where a page has several forms, ``about`` says by which of its values this one is known (``duty=line.duty.pk``).
    """
    typed = context["request"].POST
    if name not in typed or any(typed.get(key) != str(value) for key, value in about.items()):
        return otherwise
    return typed[name]


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The present query string with some parameters replaced (an empty value removes one): ``?{% query page=2 %}``."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = str(value)
    return str(parameters.urlencode())


SHAPES = {"ok": "circle-check", "soon": "triangle", "no": "octagon", "wait": "clock", "none": "ring"}
"""The states of a status and the shape of each: colour never speaks alone."""


@register.inclusion_tag("components/status.html")
def status(state: str, word: object) -> dict[str, Any]:
    """A status as shape, colour and word. ``state``: ``ok``, ``soon``, ``no``, ``wait`` or ``none``."""
    return {"state": state, "word": word, "shape": SHAPES[state]}


@register.inclusion_tag("components/icon.html")
def icon(name: str, extra: str = "") -> dict[str, Any]:
    """A picture from the sprite ``fugong/icons.svg``; it is hidden from screen readers, so put a word beside it."""
    return {"name": name, "extra": extra}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, extra: str = "") -> dict[str, Any]:
    """A form field with its label, help and errors. ``extra`` is a class for the whole, for example ``col-md-6``."""
    widget = bound.field.widget
    kind = "check" if isinstance(widget, CheckboxInput) else "radio" if isinstance(widget, RadioSelect) else "input"
    style = {"check": "form-check-input", "radio": "form-check-input", "input": "form-control"}[kind]
    if isinstance(widget, Select) and kind == "input":
        style = "form-select"
    attributes: dict[str, str | bool] = {"class": f"{style} is-invalid" if bound.errors else style}
    if kind == "radio":  # the class belongs to each button, not to what holds them
        options = bound.subwidgets
        for option in options:
            option.data["attrs"] |= attributes
        return {"field": bound, "kind": kind, "options": options, "extra": extra}
    return {"field": bound, "kind": kind, "control": bound.as_widget(attrs=attributes), "extra": extra}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: object) -> dict[str, Any]:
    """Links to the pages of a list (``base.paging.page_of``), keeping the filters."""
    return {"page": page, "request": context["request"]}


@register.simple_tag
def demo_mark() -> str:
    """In a demo, the line on top of every page, on paper too; error pages know no request, so the setting is asked here.

    Apps that change their language without the server say it anew (``data-say``).
    """
    if not settings.DEMO:
        return ""
    return format_html(
        '<p class="fg-demo" data-say="demo">{}</p>', _("Demo: nobody here is real, and anybody can sign in.")
    )
