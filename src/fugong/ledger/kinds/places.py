"""Kinds of facts about sites, divisions and service teams."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.ledger.kind import (
    CREWS,
    DOORS,
    PLANNERS,
    Field,
)
from fugong.ledger.kinds.making import kind_of

ABOUT_PLACES = (
    # about a site
    kind_of(
        "site_open",
        "site",
        "state",
        _("site open"),
        _("which sites serve as what"),
        Field("purpose", "choice", _("purpose"), required=True, choices=("observation", "dormitory", "sampling")),
        ahead=True,
    ),
    kind_of(
        "room",
        "site",
        "state",
        _("room"),
        _("rooms that a site offers"),
        Field("room", "text", _("room"), required=True),
        ahead=True,
    ),
    kind_of(
        "disinfection",
        "site",
        "event",
        _("disinfection"),
        _("sites and vehicles are disinfected on a schedule"),
        Field("agent", "text", _("agent"), required=True),
        Field("mg_per_litre", "number", _("concentration, mg/L"), least=0),
        Field("minutes", "number", _("minutes"), least=0),
        Field("by", "text", _("disinfected by")),
        Field("trip", "text", _("trip")),
        Field("place", "text", _("where")),
        stated_by=CREWS | DOORS | {"driver", "observation_medic", "site_cadre"},
    ),
    kind_of(
        "clearance_of_site",
        "site",
        "state",
        _("dormitory cleared"),
        _("packs that clear whole dormitories"),
        ahead=True,
    ),
    # about a division
    kind_of(
        "risk_level",
        "division",
        "state",
        _("risk level"),
        _("which areas are high-risk, from when to when"),
        Field("level", "choice", _("level"), required=True, choices=("low", "medium", "high")),
        Field("source", "text", _("source")),
        stated_by=PLANNERS,
        ahead=True,
    ),
    # about a service team
    kind_of(
        "service_team",
        "team",
        "state",
        _("service team"),
        _("teams that serve a patch"),
        Field("patch", "text", _("patch"), required=True),
        Field("leader", "text", _("leader")),
        ahead=True,
    ),
)
"""Everything that may be stated of a site, a division, or a team that serves a patch."""
