"""People, their logins, what is known of them, their papers, the doors they pass."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator

import builders
from fugong.base import personal
from fugong.base.files import File as SentFile
from fugong.base.ids import uuid7
from fugong.base.models import EntryCode, UserSession
from fugong.base.roles import ROLES
from fugong.base.signin import services as signin
from fugong.clearance.models import Loss, MeasuredLoss, Review, WaitingAct
from fugong.doors import services as doors
from fugong.doors.models import (
    Arrangement,
    Device,
    GuardPin,
    Pass,
    Pseudonym,
    Remark,
    Shift,
    SigningKey,
    SnapshotPart,
    Told,
    Visit,
)
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.redress import services as redress
from fugong.redress.models import Evidence
from fugong.redress.services import File
from fugong.registry import asked, bulk
from fugong.registry.models import Document, Paper, Patch, Site
from fugong.registry.uploads import services as uploads
from walls.made.way_back import in_observation
from walls.side import EARLY, NOW, ROSTER, SCOPED, Side


def employed(side: Side) -> None:
    bulk.write_workers(
        [
            bulk.NewWorker(worker, name, phone, f"{name}的家", (("resident", number),))
            for worker, name, phone, number in zip(side.workers, side.names, side.phones, side.numbers, strict=True)
        ]
    )
    facts = [
        NewFact(one, "employment", EARLY, {"employer": str(side.enterprise.pk)}, id=uuid7()) for one in side.workers
    ]
    bulk.write_employments(
        bulk.NewEmployment(
            fact.subject, side.enterprise.pk, fact.id or uuid7(), EARLY, badge=f"{side.key.upper()}badge{n}"
        )
        for n, fact in enumerate(facts)
    )
    ledger.append(facts=facts, source="page", evidence="a paper", now=EARLY)


def logins(side: Side, patch: Patch, site: Site, hotel: Site) -> None:
    scopes = {"patch": patch.pk, "enterprise": side.enterprise.pk, "site": hotel.pk, "worker": side.workers[0]}
    for name in SCOPED:
        scope = site.pk if name == "door_device" else scopes[ROLES[name].scope]
        side.users[name] = builders.user(name, scope, f"{side.key}-{name}")


def facts(side: Side) -> None:
    first, second, third = side.workers
    for worker in side.workers:
        builders.survey(worker)
    for worker in (first, second):
        builders.register(worker, NOW - 7200)
    side.fact = builders.record(second, "temperature", NOW - 7000, {"celsius": 38.3, "place": "door"}, source="door")
    in_observation(side, third)
    for check, worker, minutes in ((side.check, first, 30), (side.refused, third, 20)):
        doors.check(
            id=check, door=side.door, worker=worker, direction="in", celsius=36.5, mask=True, gloves=True,
            now=NOW - minutes * 60, actor=side.users["guard"].pk,
        )  # fmt: skip
    doors.override(check=side.refused, reason="rescue", words="", now=NOW - 15 * 60, actor=side.users["guard"].pk)


def papers(side: Side) -> None:
    first, second, _third = side.workers
    clerk, worker = side.users["enterprise_clerk"], side.users["worker"]
    content = ROSTER.format(side.names[0], side.numbers[0]).encode()
    side.upload = uploads.keep(
        kind="workers", enterprise=side.enterprise, filename=f"roster-of-{side.key}.csv", content=content, now=NOW,
        actor=clerk.pk,
    ).pk  # fmt: skip
    surveyed = _one_fact(first, "survey")
    side.request = redress.file_correction(
        worker=first, fact=surveyed, wrong=f"words of {side.key}", right=None, actor=worker.pk, now=NOW,
        evidence=[File(f"evidence-{side.key}.png", b"\x89PNG\r\n\x1a\n")],
    ).pk  # fmt: skip
    side.evidence = Evidence.objects.get(request=side.request).pk
    side.appeal = redress.file_correction(
        worker=second, fact=side.fact, wrong=f"words of {side.key}", right=None, actor=clerk.pk, now=NOW,
        evidence=[File(f"evidence-{side.key}.png", b"\x89PNG\r\n\x1a\n")],
    ).pk  # fmt: skip
    side.appeals_evidence = Evidence.objects.get(request=side.appeal).pk
    side.document = Document.objects.get(worker=first).pk
    shown = SentFile(f"paper-of-{side.key}.pdf", b"%PDF-1.7 " + side.key.encode())
    answer = asked.Answer(side.enterprise.pk, "prevention_plan", NOW, file=shown)
    asked.give(answers=[answer], source="page", now=NOW, actor=clerk.pk)
    side.paper = Paper.objects.get(enterprise=side.enterprise).pk
    signin.hand_out(worker_ids=[second], actor=clerk.pk, organisation=side.enterprise.name, now=NOW)
    side.code = EntryCode.objects.get(worker_id=second).pk
    side.session = UserSession.objects.create(user=clerk, key=f"key-of-{side.key}", since=NOW, how="password").pk
    Authenticator.objects.create(user=clerk, type="totp", data={})
    effect = {
        "losing": 60,
        "gaining": 0,
        "permissions": {"work": [60, 0]},
        "enterprises": [[side.enterprise.name, 60, 0]],
    }
    side.act = WaitingAct.objects.create(
        act="correct", evidence="a paper", proposer=clerk, proposed_as="enterprise_clerk", created_at=NOW, effect=effect,
        counted_at=NOW, state=WaitingAct.WAITING,
        arguments={"fact": str(side.fact), "replacement": None, "reason": "keyed in wrongly", "source": "page"},
        summary={"kind": "temperature", "reason": "keyed in wrongly"},
    ).pk  # fmt: skip
    Loss.objects.create(actor=clerk, at=NOW, workers=side.workers)
    lost = {"work": [str(worker) for worker in side.workers]}
    MeasuredLoss.objects.create(actor=clerk, at=NOW, kinds=["test"], lost=lost)
    side.review = Review.objects.create(at=NOW, actor=clerk, kinds=["test"], effect=effect).pk


def at_the_door(side: Side) -> None:
    clerk, guard, login = (side.users[name] for name in ("enterprise_clerk", "guard", "door_device"))
    Pseudonym.objects.bulk_create(
        Pseudonym(worker_id=one, value=f"{side.key}{n:010d}") for n, one in enumerate(side.workers)
    )
    side.device = Device.objects.create(
        door_id=side.door, user=login, code_until=NOW + 60, made_by=clerk, made_at=NOW, code_digest=side.key.encode()
    ).pk
    key = SigningKey.objects.create(
        kid=f"key-{side.key}", algorithm=f"ES256-{side.key}", private_encrypted=b"\1", public={}, created_at=NOW
    )
    Pass.objects.create(id=f"pass-{side.key}", worker_id=side.workers[0], kind=Pass.BADGE, key=key, issued_at=NOW)
    GuardPin.objects.create(user=guard, salt=b"salt", iterations=1, digest=b"digest", set_at=NOW)
    Arrangement.objects.create(site_id=side.site, place=f"tent of {side.key}")
    side.visit = Visit.objects.create(
        site_id=side.site, door_id=side.door, who_encrypted=personal.encrypt("somebody"), colour="green", at=NOW,
        recorded_at=NOW,
    ).pk  # fmt: skip
    Told.objects.create(worker_id=side.workers[0], check_fact=side.check, who="a doctor", at=NOW)
    Remark.objects.create(
        worker_id=side.workers[0], check_fact=side.check, kind="clock", words=f"words of {side.key}", at=NOW
    )
    Shift.objects.create(device_id=side.device, guard=guard, direction="in", at=NOW)
    SnapshotPart.objects.create(door_id=side.door, permission="enter", name="names", digest=b"", changed=1)


def _one_fact(subject: UUID, kind: str) -> UUID:
    return Fact.objects.get(subject=subject, kind=kind).pk
