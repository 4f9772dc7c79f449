"""Who may state which fact: a table written by hand, role by role, beside the list of kinds."""

from __future__ import annotations

import pytest

from fugong.base import access
from fugong.base.ids import uuid7
from fugong.base.roles import ROLES
from fugong.clearance.packs import LEDGER, checked
from fugong.core.protocol.pack import shipped
from fugong.core.protocol.pack_errors import PackError
from fugong.ledger import services
from fugong.ledger.evidence import EVIDENCE
from fugong.ledger.kinds import KINDS
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError

STATES = {
    "town_administrator": set(KINDS),
    "deputy": set(),
    "bureau_reader": set(),
    "service_team_member": {"survey", "stay", "visit", "capacity", "vacancy", "evidence", "document_handed", "evidence_of_person"},
    "enterprise_clerk": {
        "employment", "household", "dormitory", "canteen_seat", "survey", "stay", "arrival", "identity_check", "temperature", "test",
        "register", "symptom", "vaccination", "supplies", "capacity", "vacancy", "boarding", "disinfection",
        "evidence", "document_handed", "evidence_of_person",
    },
    "line_leader": {"register"},
    "guard": {
        "temperature", "register", "door_check", "door_override", "boarding", "arrival", "identity_check", "supplies",
        "disinfection",
    },
    "door_device": {
        "temperature", "register", "identity_check", "door_check", "boarding", "arrival", "supplies", "disinfection",
    },
    "dispatcher": {
        "booking", "crew", "boarding", "arrival", "identity_check", "temperature", "supplies", "disinfection", "contact", "risk_level",
    },
    "driver": {"booking", "boarding", "disinfection"},
    "sampling_staff": {"test"},
    "observation_medic": {"temperature", "register", "symptom", "observation", "stay", "disinfection"},
    "site_cadre": {"observation", "disinfection"},
    "site_police": set(),
    "worker": {"register", "survey", "stay"},
    "auditor": set(),
    "system_operator": set(),
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_each_role_states_what_it_sees_and_nothing_else(role):
    assert {name for name, kind in KINDS.items() if kind.may_be_stated_by(role)} == STATES[role]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_the_ledger_takes_from_each_role_what_it_states_and_nothing_else(role):
    """Whichever way it comes: every write of a fact passes here."""
    with access.acting(access.Acting(ROLES[role].scope, uuid7(), uuid7(), role)):
        for kind in KINDS:
            with pytest.raises(FactError) as refused:  # about nobody, and empty: none is taken
                services.append(facts=[NewFact(uuid7(), kind, 1)], source="page", now=1, evidence="a paper")
            assert (refused.value.code == "facts.kind_not_yours") == (kind not in STATES[role]), kind


def test_whoever_states_facts_on_pages_or_in_lists_has_a_right_to():
    writing = {"facts.write", "roster.write", "register.write", "door.check", "self.read", "trip.crew"}
    assert {name for name, kinds in STATES.items() if kinds and not ROLES[name].rights & writing} == set()


def test_every_kind_has_its_evidence_and_no_other_has():
    assert EVIDENCE.keys() == KINDS.keys()


def test_no_protocol_rests_on_an_override():
    """A pack that would derive something from one is refused, as if there were no such facts."""
    assert "door_override" not in LEDGER
    text = shipped()["jinfeng-2020-03"]
    assert "{from: arrival}" in text
    with pytest.raises(PackError):
        checked(text.replace("{from: arrival}", "{from: door_override}", 1))
