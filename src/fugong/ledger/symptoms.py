"""Symptoms that pages and devices ask for, by the names under which ``symptom`` and ``register`` facts store them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SYMPTOMS: dict[str, str | Promise] = {
    "cough": _("cough"),
    "fatigue": _("tiredness"),
    "breathlessness": _("short of breath"),
    "sore_throat": _("sore throat"),
    "loss_of_smell": _("no smell or taste"),
    "diarrhoea": _("diarrhoea"),
    "other": _("something else"),
}
