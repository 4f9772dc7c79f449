"""Somebody whose name, number and phone occur nowhere else, with everything that a town may know of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import builders
from fugong.base.ids import uuid7
from fugong.doors import services as doors
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.redress import services as redress
from fugong.registry import bulk
from fugong.registry.models import Document, Upload
from fugong.registry.uploads import services as uploads

NAME = "欧阳澜漪"
NUMBER = "350182199702288627"
PHONE = "18859179340"
MARKERS = (NAME, NUMBER, PHONE)
TAILS = (f"····{NUMBER[-4:]}", f"····{PHONE[-4:]}", f"…{PHONE[-4:]}", "欧 * 漪")


@dataclass
class Planted:
    """The marker worker in a small town, and the ids that addresses ask for."""

    place: builders.Place
    worker: UUID
    document: UUID
    check: UUID
    upload: Upload
    request: UUID

    def ids(self) -> dict[str, object]:
        """What stands in addresses, by the parameter's name."""
        login = builders.User.objects.get(username="the-workers")
        return {
            "enterprise": self.place.enterprise.pk, "worker": self.worker, "door": self.place.door.pk,
            "check": self.check, "upload": self.upload.pk, "login": login.pk, "key": "surveyed", "kind": "test",
            "name": builders.PACK, "request": self.request,
        }  # fmt: skip


def plant(place: builders.Place) -> Planted:
    """Put the marker worker on the list of the place's enterprise."""
    worker = uuid7()
    bulk.write_workers([bulk.NewWorker(worker, NAME, PHONE, "", (("resident", NUMBER),))])
    fact = NewFact(worker, "employment", builders.EARLY, {"employer": str(place.enterprise.pk)}, id=uuid7())
    assert fact.id is not None
    bulk.write_employments([bulk.NewEmployment(worker, place.enterprise.pk, fact.id, builders.EARLY, badge="M1")])
    ledger.append(facts=[fact], source="page", evidence="a paper", now=builders.EARLY)
    builders.survey(worker)
    registered = builders.register(worker, builders.NOW - 7200)
    check = uuid7()
    doors.check(
        id=check, door=place.door.pk, worker=worker, direction="in", celsius=36.5, mask=True, gloves=True,
        now=builders.NOW - 60, actor=place.users["guard"].pk,
    )  # fmt: skip
    login = builders.user("worker", worker, "the-workers")
    request = redress.file_correction(
        worker=worker, fact=registered, wrong="填错了", right=None, actor=login.pk, now=builders.NOW - 30
    )
    upload = uploads.keep(
        kind="workers", enterprise=place.enterprise, filename="花名册.csv", content="姓名,身份证号\n王二小,110101199003070017\n".encode(),
        now=builders.NOW, actor=place.users["town_administrator"].pk,
    )  # fmt: skip
    return Planted(place, worker, Document.objects.get(worker=worker).pk, check, upload, request.pk)
