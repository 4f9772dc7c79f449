"""The closed list of fact kinds: what may be written into the ledger, about whom, with which raw values.

A fact's kind is documented here or the ledger refuses it. Raw values only: thresholds, clocks and validity belong to
the protocol packs, which derive their own kinds from these (``core/protocol``). What a kind says here holds for every way
in: pages, doors, lists, API and command line. ``docs/fact-kinds.md`` is written from it (``tools/fact_kinds.py``).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Text
from fugong.ledger import plausible
from fugong.ledger.evidence import EVIDENCE
from fugong.ledger.kind import CREWS, DOORS, EMPLOYERS, TOWN, VISITORS, Field, FieldType, Kind, Shape, SubjectKind

__all__ = ["KINDS", "Field", "FieldType", "Kind", "Shape", "SubjectKind"]


def _kind(
    name: str, subject: SubjectKind, shape: Shape, title: Text, purpose: Text, *fields: Field, **more: Any
) -> Kind:  # fmt: skip
    return Kind(name, subject, shape, title, purpose, EVIDENCE[name], fields, **more)


_CELSIUS = Field("celsius", "number", _("temperature, ℃"), least=25, most=45)
OVERRIDE_REASONS = ("medical_emergency", "rescue", "inspection", "device_failure", "other")
"""Why somebody may be let in against a refusal; ``other`` says why in words."""
TRAVEL = ("bus", "charter_plane", "charter_train", "own")
"""By what people come back."""

_ALL = (
    # about a worker
    _kind(
        "employment",
        "worker",
        "state",
        _("employment"),
        _("who answers for the worker, and whose rules bind"),
        Field("employer", "subject", _("enterprise"), required=True, refers_to="enterprise"),
        Field("contract", "choice", _("contract"), choices=("regular", "dispatched", "temporary")),
        Field("workshop", "text", _("workshop")),
        Field("post", "text", _("post")),
        stated_by=EMPLOYERS,
        ahead=True,
        by_roster=True,
    ),
    _kind(
        "household",
        "worker",
        "state",
        _("household registration"),
        _("the not-yet-returned list and its subsidy"),
        Field("division", "division", _("division"), required=True),
        stated_by=EMPLOYERS,
    ),
    _kind(
        "dormitory",
        "worker",
        "state",
        _("dormitory"),
        _("dormitory control"),
        Field("site", "subject", _("site"), refers_to="site"),
        Field("name", "text", _("dormitory")),
        Field("room", "text", _("room")),
        stated_by=EMPLOYERS,
        ahead=True,
    ),
    _kind(
        "survey",
        "worker",
        "event",
        _("survey"),
        _("who is where, and can they come"),
        Field(
            "whereabouts", "choice", _("whereabouts"), required=True, choices=("local", "away", "returning", "returned")
        ),
        Field("test_required", "flag", _("test before work required"), required=True),
        Field("origin_division", "division", _("coming from")),
        Field("intended_on", "date", _("intended date of return")),
        Field("means", "choice", _("means of travel"), choices=TRAVEL),
        Field("well", "flag", _("feels well")),
        Field("contact", "flag", _("contact with a case")),
        stated_by=VISITORS,
    ),
    _kind(
        "stay",
        "worker",
        "state",
        _("stay"),
        _("joined with risk levels: who comes from a high-risk area"),
        Field("division", "division", _("division"), required=True),
        stated_by=VISITORS | {"observation_medic"},
    ),
    _kind(
        "arrival",
        "worker",
        "event",
        _("arrival"),
        _("the clock of tests and observation starts here"),
        Field("mode", "choice", _("means of travel"), required=True, choices=TRAVEL),
        Field("trip", "text", _("trip")),
        Field("from_division", "division", _("coming from")),
        Field("site", "subject", _("site"), refers_to="site"),
        stated_by=CREWS,
    ),
    _kind(
        "identity_check",
        "worker",
        "event",
        _("identity check"),
        _("the person is the one on the list"),
        Field("matched", "flag", _("matched"), required=True),
        stated_by=CREWS | {"door_device"},
    ),
    _kind(
        "temperature",
        "worker",
        "event",
        _("temperature"),
        _("fever is the first sign"),
        Field("celsius", "number", _("temperature, ℃"), required=True, least=25, most=45),
        Field("method", "choice", _("method"), choices=("forehead", "ear", "axillary", "camera", "self_reported")),
        Field(
            "place", "choice", _("place"), choices=("door", "arrival", "dormitory", "observation", "home", "vehicle")
        ),
        stated_by=CREWS | DOORS | {"observation_medic"},
    ),
    _kind(
        "test",
        "worker",
        "event",
        _("test"),
        _("no work before a negative test"),
        Field("result", "choice", _("result"), required=True, choices=("negative", "positive", "inconclusive")),
        Field("method", "choice", _("method"), choices=("nucleic_acid", "antigen")),
        Field("sampled_at", "moment", _("sampled at"), required=True),
        Field("reported_at", "moment", _("reported at"), required=True),
        Field("laboratory", "text", _("laboratory")),
        Field("specimen", "text", _("specimen number")),
        stated_by=EMPLOYERS | {"sampling_staff"},
        check=plausible.test,
    ),
    _kind(
        "register",
        "worker",
        "event",
        _("daily register"),
        _("everybody's health, every day"),
        Field("well", "flag", _("feels well"), required=True),
        _CELSIUS,
        Field("symptoms", "list", _("symptoms")),
        Field("fever_reducers", "flag", _("takes fever-reducing medicine")),
        Field("improving", "flag", _("symptoms improving")),
        Field("filed_by", "choice", _("filed by"), choices=("worker", "line_leader", "guard", "upload")),
        stated_by=EMPLOYERS | DOORS | {"line_leader", "worker", "observation_medic"},
        check=plausible.register,
    ),
    _kind(
        "symptom",
        "worker",
        "state",
        _("symptom"),
        _("who has symptoms stays away from work"),
        Field("name", "text", _("symptom"), required=True),
        stated_by=EMPLOYERS | {"observation_medic"},
    ),
    _kind(
        "diagnosis",
        "worker",
        "state",
        _("diagnosis"),
        _("isolation and treatment"),
        Field(
            "finding",
            "choice",
            _("finding"),
            required=True,
            choices=("suspected", "confirmed", "asymptomatic", "discharged"),
        ),
    ),
    _kind("contact", "worker", "event", _("close contact"), _("observation after contact with a case")),
    _kind(
        "observation",
        "worker",
        "state",
        _("medical observation"),
        _("14 days apart from others"),
        Field("site", "subject", _("site"), refers_to="site"),
        Field("room", "text", _("room")),
        Field("bed", "text", _("bed")),
        stated_by=TOWN | {"observation_medic", "site_cadre"},
        ahead=True,
    ),
    _kind(
        "door_check",
        "worker",
        "event",
        _("door check"),
        _("who went in and out, and why not"),
        Field("door", "text", _("door"), required=True),
        Field("direction", "choice", _("direction"), required=True, choices=("in", "out")),
        Field("outcome", "choice", _("outcome"), required=True, choices=("passed", "refused")),
        Field("reasons", "list", _("reasons")),
        Field("mask", "flag", _("mask worn")),
        Field("gloves", "flag", _("gloves worn")),
        Field("until", "moment", _("told: may enter until")),
        Field("earliest", "moment", _("told: may enter from")),
        Field("colour", "choice", _("colour shown"), choices=("green", "amber", "red")),
        Field("snapshot", "number", _("number of the list by which the device decided"), least=0),
        Field("pass", "text", _("pass shown")),
        Field("second_of", "fact", _("first check that this one repeats")),
        Field("method", "text", _("how the temperature was taken")),
        Field("device", "text", _("device")),
        stated_by=DOORS,
    ),
    _kind(
        "door_override",
        "worker",
        "event",
        _("override at a door"),
        _("who let somebody in against a refusal, and why; it changes no clearance"),
        Field("door", "text", _("door"), required=True),
        Field("direction", "choice", _("direction"), required=True, choices=("in", "out")),
        Field("reason", "choice", _("reason"), required=True, choices=OVERRIDE_REASONS),
        Field("words", "text", _("in words")),
        Field("check", "fact", _("the check that it goes against"), required=True),
        stated_by=TOWN | {"guard"},
        check=plausible.override,
        in_protocols=False,
    ),
    _kind(
        "vaccination",
        "worker",
        "event",
        _("vaccination"),
        _("packs that count it"),
        Field("doses", "whole", _("doses so far"), least=1),
        stated_by=EMPLOYERS,
    ),
    _kind(
        "supplies",
        "worker",
        "event",
        _("supplies handed out"),
        _("masks and other supplies on return"),
        Field("item", "text", _("item"), required=True),
        Field("number", "whole", _("number"), required=True, least=1),
        stated_by=EMPLOYERS,
    ),
    # about an enterprise
    _kind(
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
    _kind(
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
    _kind(
        "resumption",
        "enterprise",
        "state",
        _("resumption"),
        _("which enterprises work again"),
        Field("regime", "choice", _("regime"), choices=("permit", "filing", "commitment")),
        ahead=True,
    ),
    _kind(
        "capacity",
        "enterprise",
        "event",
        _("capacity"),
        _("share of capacity that is back"),
        Field("current_yuan", "number", _("current daily output, yuan"), required=True, least=0),
        Field("normal_yuan", "number", _("normal daily output, yuan"), required=True, least=1),
        stated_by=VISITORS,
    ),
    _kind(
        "vacancy",
        "enterprise",
        "state",
        _("vacancy"),
        _("posts to fill, reported upward"),
        Field("post", "text", _("post"), required=True),
        Field("number", "whole", _("number of posts"), required=True, least=1, most=100_000),
        Field("monthly_yuan", "number", _("pay a month, yuan"), least=0),
        stated_by=VISITORS,
        ahead=True,
    ),
    _kind(
        "visit",
        "enterprise",
        "event",
        _("visit"),
        _("who was visited, by which team, about what"),
        Field("team", "subject", _("service team"), required=True, refers_to="team"),
        Field("topics", "list", _("topics")),
        stated_by=TOWN | {"service_team_member"},
    ),
    # about a site
    _kind(
        "site_open",
        "site",
        "state",
        _("site open"),
        _("which sites serve as what"),
        Field("purpose", "choice", _("purpose"), required=True, choices=("observation", "dormitory", "sampling")),
        ahead=True,
    ),
    _kind(
        "room",
        "site",
        "state",
        _("room"),
        _("rooms that a site offers"),
        Field("room", "text", _("room"), required=True),
        ahead=True,
    ),
    _kind(
        "disinfection",
        "site",
        "event",
        _("disinfection"),
        _("sites and vehicles are disinfected on a schedule"),
        Field("agent", "text", _("agent"), required=True),
        Field("mg_per_litre", "number", _("concentration, mg/L"), least=0),
        Field("minutes", "number", _("minutes"), least=0),
    ),
    _kind(
        "clearance_of_site",
        "site",
        "state",
        _("dormitory cleared"),
        _("packs that clear whole dormitories"),
        ahead=True,
    ),
    # about a division
    _kind(
        "risk_level",
        "division",
        "state",
        _("risk level"),
        _("which areas are high-risk, from when to when"),
        Field("level", "choice", _("level"), required=True, choices=("low", "medium", "high")),
        Field("source", "text", _("source")),
        ahead=True,
    ),
    # about a service team
    _kind(
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

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
"""Every fact kind by its name."""
