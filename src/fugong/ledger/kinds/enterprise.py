"""Kinds of facts about enterprises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.ledger import plausible
from fugong.ledger.kind import (
    TOWN,
    VISITORS,
    Field,
)
from fugong.ledger.kinds.making import kind_of

ABOUT_ENTERPRISES = (
    kind_of(
        "establishment",
        "enterprise",
        "state",
        _("establishment"),
        _("which enterprises the town has"),
        Field(
            "industry", "choice", _("kind of industry"), required=True, choices=("industrial", "commercial", "service")
        ),
        Field("division", "division", _("division"), required=True),
        ahead=True,
    ),
    kind_of(
        "turnover",
        "enterprise",
        "state",
        _("annual turnover"),
        _("above designated size or not"),
        Field("yuan", "number", _("revenue, yuan"), required=True, least=0),
        Field(
            "trade",
            "choice",
            _("trade"),
            required=True,
            choices=("industry", "wholesale", "retail", "catering", "service", "resident_service"),
        ),
        Field("employees", "whole", _("employees"), least=0),
        ahead=True,
    ),
    kind_of(
        "resumption",
        "enterprise",
        "state",
        _("resumption"),
        _("which enterprises work again"),
        Field("regime", "choice", _("regime"), choices=("permit", "filing", "commitment")),
        ahead=True,
    ),
    kind_of(
        "capacity",
        "enterprise",
        "event",
        _("capacity"),
        _("share of capacity that is back"),
        Field("current_yuan", "number", _("current daily output, yuan"), required=True, least=0),
        Field("normal_yuan", "number", _("normal daily output, yuan"), required=True, least=1),
        stated_by=VISITORS,
    ),
    kind_of(
        "vacancy",
        "enterprise",
        "state",
        _("vacancy"),
        _("posts to fill, reported upward"),
        Field("post", "text", _("post"), required=True),
        Field("number", "whole", _("number of posts"), required=True, least=1, most=100_000),
        Field("skill", "text", _("skill that is sought")),
        Field("monthly_yuan", "number", _("pay a month, yuan"), least=0),
        stated_by=VISITORS,
        ahead=True,
    ),
    kind_of(
        "visit",
        "enterprise",
        "event",
        _("visit"),
        _("who was visited, by which team, about what"),
        Field("team", "subject", _("service team"), required=True, refers_to="team"),
        Field("topics", "list", _("topics")),
        stated_by=TOWN | {"service_team_member"},
    ),
    kind_of(
        "evidence",
        "enterprise",
        "state",
        _("evidence given"),
        _("what an enterprise has said or shown once is not asked again, whoever needs it"),
        Field("item", "text", _("what was asked"), required=True),
        Field("holds", "flag", _("holds")),
        Field("number", "number", _("number"), least=0),
        Field("text", "text", _("in words")),
        Field("document", "text", _("document")),
        stated_by=VISITORS,
        check=plausible.evidence,
        in_protocols=False,
    ),
    kind_of(
        "document_handed",
        "enterprise",
        "event",
        _("document handed over"),
        _("which policies every enterprise was told of, and who took them"),
        Field("document", "text", _("document"), required=True),
        Field("receipt", "text", _("taken by")),
        stated_by=VISITORS,
        in_protocols=False,
    ),
)
"""Everything that may be stated of an enterprise."""
