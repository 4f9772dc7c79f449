"""Template filters of the doors: how long ago something was."""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext

register = template.Library()
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def _span(seconds: int) -> str:
    """A length of time in its largest unit: minutes (also for less than one), hours up to two days, then days."""
    if seconds < _HOUR:
        number = max(seconds // _MINUTE, 0)
        return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
    if seconds < 2 * _DAY:
        number = seconds // _HOUR
        return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}
    number = seconds // _DAY
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


@register.filter
def lasting(start: int, end: int) -> str:
    """How long it was from one moment to another (epoch seconds), in words."""
    return _span(end - start)
