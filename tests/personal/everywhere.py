"""The marker everywhere: in each kind of place where somebody's data may stand, with an id for every address."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

import builders
from fugong.base import personal
from fugong.base.models import User, UserSession
from fugong.clearance.models import Adoption, Review, WaitingAct
from fugong.doors.models import Device, Pass, Visit
from fugong.journeys.models import Campaign, SeatRequest, Trip
from fugong.ledger.models import Fact
from fugong.notices.models import Attachment, Channel, Notice
from fugong.observation.models import Stay
from fugong.policies.models import Claim, Measure, PolicyDocument
from fugong.premises.models import Cleaning, Room
from fugong.redress.models import Evidence, Request
from fugong.registry.models import Document, Door, Enterprise, Paper, Patch, Site, Upload, Worker
from fugong.resumption.models import Filing
from fugong.sampling.models import LabFile, LabRow, Order, SlotPlan, Tube
from fugong.submissions.models import Layout, Submission
from fugong.teams.models import Attachment as Picture
from fugong.teams.models import Problem, ServiceTeam
from fugong.teams.models import Visit as Call
from fugong.tracing.models import Case, CleaningTask
from personal.planting import NAME, NUMBER, PHONE
from walls import world
from walls.matrix import ADMIN, AT_HOTEL
from walls.test_matrix import ids
from walls.world import World

MODELS: dict[str, type[Model]] = {
    "enterprise": Enterprise, "worker": Worker, "door": Door, "check": Fact, "upload": Upload, "login": User,
    "request": Request, "evidence": Evidence, "act": WaitingAct, "session": UserSession, "adoption": Adoption,
    "review": Review, "document": Document, "site": Site, "device": Device, "visit": Visit, "badge": Pass,
    "place": Site, "stay": Stay, "station": Site, "order": Order, "tube": Tube, "file": LabFile, "row": LabRow, "plan": SlotPlan,
    "trip": Trip, "seat_request": SeatRequest, "campaign": Campaign, "case": Case, "task": CleaningTask,
    "notice": Notice, "attachment": Attachment, "channel": Channel, "filing": Filing,
    "room": Room, "cleaning": Cleaning,
    "policy": PolicyDocument, "measure": Measure, "claim": Claim, "signed": Submission,
    "layout": Layout,
    "team": ServiceTeam, "patch": Patch, "problem": Problem, "call": Call, "picture": Picture,
    "paper": Paper,
}  # fmt: skip
"""Of what the ids in addresses are: each must be somebody's. A new kind of id needs its line here."""


def everywhere() -> World:
    """The two sides of the walls' tests, where the first person of the first side is the marker.

    They have a login, papers, a request with evidence and checks at doors; they are on the way back on a crew's list, have
    arrived, and are in a room of the observation site.
    """
    two = world.make(number=NUMBER, phone=PHONE)
    assert two.a.names[0] == NAME
    marker, now = two.a.workers[0], builders.NOW
    builders.arrive(marker, now - 40 * 3600)
    builders.record(marker, "observation", now - 30 * 3600, {"site": str(two.a.hotel), "room": "301"})
    builders.survey(marker, now - 20 * 3600, whereabouts="returning", test_required=True, origin_division="420100")
    two.a.visit = Visit.objects.create(
        site_id=two.a.site, door_id=two.a.door, who_encrypted=personal.encrypt(f"{NAME} {NUMBER} {PHONE}"), colour="green",
        at=now, recorded_at=now,
    ).pk  # fmt: skip
    return two


def ids_for(two: World, role: str) -> dict[str, object]:
    """What stands in addresses as this role meets it; of the marker wherever there is a choice. Nobody's id is among it."""
    given: dict[str, Any] = {"language": "en", **ids(two, two.a, role), "worker": two.a.workers[0]}
    if role in AT_HOTEL:
        assert Fact.objects.filter(subject=two.a.workers[0], kind="observation").exists()
    if role == ADMIN:
        given |= {"request": two.a.request, "evidence": two.a.evidence}
    for name, model in MODELS.items():
        assert model._default_manager.filter(pk=given[name]).exists(), f"nobody has the id for {name}"
    return given
