"""Words for what a channel or the sender said of a delivery."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.notices.models import Delivery

register = template.Library()

WHY: dict[str, str | Promise] = {
    "sender_died": gettext_lazy("the sender stopped while it waited for the answer"),
    "no_answer": gettext_lazy("the connection broke before the answer came"),
    "no_connection": gettext_lazy("the channel could not be reached"),
    "no_token": gettext_lazy("the channel gave no access"),
    "no_address": gettext_lazy("the address is gone"),
    "unknown_address": gettext_lazy("the channel does not know this address"),
    "forbidden": gettext_lazy("held back by the channel: too many messages, or the same text on the same day"),
    "had_it": gettext_lazy("the channel dropped the repetition: it was there already"),
    "failed": gettext_lazy("the channel could not deliver it"),
    "apprise_missing": gettext_lazy("Apprise is not installed"),
    "apprise_address": gettext_lazy("Apprise does not understand the address"),
    "apprise_no": gettext_lazy("Apprise reports a failure and not which"),
}


@register.filter
def why(row: Delivery) -> str:
    """What went wrong with a delivery, in words; the channel's own code where there are none."""
    if row.error in WHY:
        return str(WHY[row.error])
    said = row.attempt.words if row.attempt is not None else ""
    return _("the channel said %(code)s") % {"code": f"{row.error} {said}".strip()}
