"""What the settings and secrets of channels are called, on pages and where one is missing."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FIELDS: dict[str, str | Promise] = {
    "agent_id": gettext_lazy("Agent id of the app"),
    "keyword": gettext_lazy("Keyword of the robot"),
    "url": gettext_lazy("Address of the gateway"),
    "phone_field": gettext_lazy("Field for the number"),
    "text_field": gettext_lazy("Field for the text"),
    "key_field": gettext_lazy("Field for a key by which the gateway drops repetitions"),
    "ok_field": gettext_lazy("Field of the answer that says yes"),
    "ok_value": gettext_lazy("What it says then"),
    "format": gettext_lazy("“form” instead of JSON"),
    "access_token": gettext_lazy("access_token of the robot's address"),
    "sign_secret": gettext_lazy("Secret for the signature (SEC…)"),
    "app_key": gettext_lazy("App key"),
    "app_secret": gettext_lazy("App secret"),
    "key": gettext_lazy("key of the robot's address"),
    "corp_id": gettext_lazy("Corp id"),
    "corp_secret": gettext_lazy("Secret of the app"),
    "header": gettext_lazy("Name of the header that opens the gateway"),
    "value": gettext_lazy("Its value"),
    "address": gettext_lazy("Address for Apprise"),
}
