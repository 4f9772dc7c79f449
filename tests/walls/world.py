"""Two enterprises that have everything: each with its own patch, team, site, door, observation site, people and papers.

Whatever belongs to one of them is known here by hand, so that no test asks the walls what the walls should say.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import openpyxl
from allauth.mfa.models import Authenticator
from django.db import transaction

import builders
from fugong.base import local, personal
from fugong.base.ids import uuid7
from fugong.base.models import EntryCode, User, UserSession
from fugong.base.roles import ROLES
from fugong.base.signin import services as signin
from fugong.clearance.models import Deputation, Loss, MeasuredLoss, Review, Verification, WaitingAct
from fugong.core.text import Text
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
from fugong.journeys.models import Campaign, Reminder, Sighting, Vehicle
from fugong.journeys.trips import crew, requests
from fugong.journeys.trips import services as trips
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.notices.holdings import address_digest
from fugong.notices.models import Address, Attachment, Attempt, Channel, Delivery, Reminding, Secret, Template
from fugong.notices.services.queueing import queue
from fugong.notices.wording import Words
from fugong.observation.models import Entry, Staff
from fugong.observation.services import rooms, stays
from fugong.observation.services.rooms import NewRoom
from fugong.observation.services.stays import CheckIn, Plan
from fugong.observation.services.writing import By
from fugong.policies.language.reading import shipped
from fugong.policies.models import Claim, ClaimLine, ClaimStep, Measure, Payment, PolicyDocument
from fugong.premises.canteen import services as canteen
from fugong.premises.dormitories import services as dormitories
from fugong.premises.hygiene import services as hygiene
from fugong.premises.models import Absence, Shortfall
from fugong.premises.sites import By as Keeper
from fugong.premises.stock import services as stock
from fugong.redress import services as redress
from fugong.redress.models import Evidence
from fugong.redress.services import File
from fugong.registry import bulk
from fugong.registry import services as registry
from fugong.registry.models import Document, Employment, Enterprise, Patch, Site
from fugong.registry.uploads import services as uploads
from fugong.resumption.models import Condition, Filing, Rule, Step
from fugong.sampling.models import Appointment, LabFile, LabRow, Order, SlotOffer, SlotPlan, Tube, TubeMember
from fugong.submissions.models import Layout, Submission, SubmissionRow
from fugong.teams import services as teams
from fugong.teams.models import Area, Charge, Lead, Member, Problem, ProblemEvent, Spot
from fugong.teams.models import Attachment as Picture
from fugong.teams.models import Visit as Call
from fugong.tracing.models import Case, CaseContact, CleaningTask

NOW, EARLY = builders.NOW, builders.EARLY
NAMES = {"a": ("欧阳澜漪", "司马砚秋", "上官霁月"), "b": ("慕容璟雯", "端木槿汐", "夏侯翊宸")}
FIRST = {"a": 31, "b": 61}
"""Where the made-up numbers of each side begin."""
TITLES = {
    "a": ("沧浪纺织有限公司", "沧浪一厂", "沧浪东门", "沧浪宾馆"),
    "b": ("峨嵋精工有限公司", "峨嵋一厂", "峨嵋西门", "峨嵋宾馆"),
}
SCOPED = tuple(role.name for role in ROLES.values() if role.scope in ("patch", "enterprise", "site", "worker"))
TOWN = tuple(role.name for role in ROLES.values() if role.scope not in ("patch", "enterprise", "site", "worker"))
ROSTER = "姓名,身份证号\n{},{}\n"


@dataclass
class Side:
    """One enterprise with all that is its own. ``workers``: the first has a login, the third is in observation."""

    key: str
    patch: UUID
    team: UUID
    enterprise: Enterprise
    site: UUID
    door: UUID
    hotel: UUID
    workers: list[UUID]
    names: tuple[str, ...]
    numbers: list[str]
    phones: list[str]
    users: dict[str, User] = field(default_factory=dict)
    check: UUID = field(default_factory=uuid7)
    refused: UUID = field(default_factory=uuid7)
    upload: UUID = field(default_factory=uuid7)
    request: UUID = field(default_factory=uuid7)
    appeal: UUID = field(default_factory=uuid7)
    evidence: UUID = field(default_factory=uuid7)
    appeals_evidence: UUID = field(default_factory=uuid7)
    review: UUID = field(default_factory=uuid7)
    document: UUID = field(default_factory=uuid7)
    act: UUID = field(default_factory=uuid7)
    session: UUID = field(default_factory=uuid7)
    code: UUID = field(default_factory=uuid7)
    fact: UUID = field(default_factory=uuid7)
    device: UUID = field(default_factory=uuid7)
    visit: UUID = field(default_factory=uuid7)
    order: UUID = field(default_factory=uuid7)
    slot: UUID = field(default_factory=uuid7)
    tube: UUID = field(default_factory=uuid7)
    row: UUID = field(default_factory=uuid7)
    file: UUID = field(default_factory=uuid7)
    plan: UUID = field(default_factory=uuid7)
    stay: UUID = field(default_factory=uuid7)
    trip: UUID = field(default_factory=uuid7)
    seat_request: UUID = field(default_factory=uuid7)
    campaign: UUID = field(default_factory=uuid7)
    problem: UUID = field(default_factory=uuid7)
    call: UUID = field(default_factory=uuid7)
    picture: UUID = field(default_factory=uuid7)
    case: UUID = field(default_factory=uuid7)
    task: UUID = field(default_factory=uuid7)
    station: UUID = field(default_factory=uuid7)
    policy: UUID = field(default_factory=uuid7)
    measure: UUID = field(default_factory=uuid7)
    claim: UUID = field(default_factory=uuid7)
    signed: UUID = field(default_factory=uuid7)
    layout: UUID = field(default_factory=uuid7)
    notice: UUID = field(default_factory=uuid7)
    attachment: UUID = field(default_factory=uuid7)
    delivery: UUID = field(default_factory=uuid7)
    channel: UUID = field(default_factory=uuid7)
    filing: UUID = field(default_factory=uuid7)
    room: UUID = field(default_factory=uuid7)
    cleaning: UUID = field(default_factory=uuid7)

    def in_addresses(self) -> dict[str, UUID]:
        """What stands in addresses, by the parameter's name."""
        return {
            "enterprise": self.enterprise.pk, "worker": self.workers[0], "door": self.door, "check": self.check,
            "upload": self.upload, "login": self.users["worker"].pk, "request": self.request, "evidence": self.evidence,
            "act": self.act, "session": self.session, "review": self.review, "document": self.document,
            "site": self.site, "device": self.device, "visit": self.visit, "badge": f"pass-{self.key}",
            "station": self.station, "order": self.order, "tube": self.tube, "file": self.file, "row": self.row,
            "plan": self.plan,
            "place": self.hotel, "stay": self.stay, "trip": self.trip, "seat_request": self.seat_request, "campaign": self.campaign,
            "team": self.team, "patch": self.patch, "problem": self.problem, "call": self.call, "picture": self.picture,
            "case": self.case, "task": self.task, "filing": self.filing,
            "notice": self.notice, "attachment": self.attachment, "channel": self.channel,
            "room": self.room, "cleaning": self.cleaning,
            "policy": self.policy, "measure": self.measure, "claim": self.claim,
            "signed": self.signed, "layout": self.layout,
        }  # fmt: skip

    def more_of_a_kind(self) -> dict[str, list[UUID]]:
        """Its other ids that may stand in the same places."""
        logins = [user.pk for name, user in self.users.items() if name != "worker"]
        return {
            "worker": self.workers[1:], "check": [self.refused], "request": [self.appeal],
            "evidence": [self.appeals_evidence], "login": logins,
        }  # fmt: skip

    def ids(self) -> set[UUID]:
        """Every id that is this side's own."""
        rows: set[UUID] = {
            self.patch, self.team, self.enterprise.pk, self.site, self.door, self.hotel, *self.workers, self.check,
            self.refused, self.upload, self.request, self.appeal, self.evidence, self.act, self.session, self.code,
            self.fact, self.appeals_evidence, self.review, self.document, self.device, self.visit, self.stay,
            self.trip,
            self.seat_request, self.campaign, self.case, self.task, self.problem, self.call, self.picture, self.notice, self.attachment, self.delivery, self.filing,
            self.room, self.cleaning,
            self.claim,
            *(user.pk for user in self.users.values()),
        }  # fmt: skip
        rows |= set(Document.objects.filter(worker__in=self.workers).values_list("pk", flat=True))
        rows |= set(Employment.objects.filter(worker__in=self.workers).values_list("pk", flat=True))
        return rows

    def words(self) -> set[str]:
        """Every word of this side by which it would be recognised."""
        return {
            *self.names, *self.numbers, *self.phones, *TITLES[self.key], self.enterprise.credit_code,
            *(user.username for user in self.users.values()), *(f"{self.key.upper()}badge{n}" for n in range(3)),
            f"roster-of-{self.key}.csv", f"words of {self.key}", f"evidence-{self.key}.png",
        }  # fmt: skip


@dataclass
class World:
    """The town, its own logins, and the two sides."""

    division: UUID
    town: dict[str, User]
    a: Side
    b: Side
    labels: dict[UUID, str] = field(default_factory=dict)

    def sides(self) -> Iterator[tuple[Side, Side]]:
        """Each side with the other one."""
        yield self.a, self.b
        yield self.b, self.a


def make() -> World:
    """Make the town, through the services."""
    town = builders.town()
    builders.adopt()
    people = {name: builders.user(name) for name in TOWN}
    sides = [_side(key) for key in ("a", "b")]
    world = World(town.division_id, people, *sides)
    Deputation.objects.create(
        deputy=people["deputy"], named_by=people["town_administrator"], start=EARLY, end=NOW + 1, recorded_at=EARLY
    )
    Verification.objects.create(at=NOW, workers=6, differences=0)
    world.labels = {town.division_id: "division", **_labels(world.a), **_labels(world.b)}
    return world


def _labels(side: Side) -> dict[UUID, str]:
    key = side.key
    people = {worker: f"{key}{n}" for n, worker in enumerate(side.workers, start=1)}
    return {
        side.enterprise.pk: key, side.site: f"{key}.site", side.hotel: f"{key}.hotel", side.station: f"{key}.station", side.team: f"{key}.team",
        side.patch: f"{key}.patch", **people,
    }  # fmt: skip


def _side(key: str) -> Side:
    number = FIRST[key]
    company, site_name, door_name, hotel_name = TITLES[key]
    patch = registry.add_patch(name=f"{site_name}片区")
    enterprise = builders.enterprise(number, company, patch=patch)
    site, door = builders.site_with_door(enterprise, site_name, door_name)
    hotel = registry.add_site(name=hotel_name)
    team = teams.add_team(name=f"{site_name}服务队", patch=patch, leader="队长", start=EARLY, now=EARLY, source="page")
    side = Side(
        key, patch.pk, team.pk, enterprise, site.pk, door.pk, hotel.pk, [uuid7() for _name in NAMES[key]], NAMES[key],
        [builders.resident_number(number + n) for n in range(3)], [f"136{number + n:04d}{(number + n) * 91 % 10_000:04d}" for n in range(3)],
    )  # fmt: skip
    _people(side)
    _logins(side, patch, site, hotel)
    _facts(side)
    _papers(side)
    _visited(side)
    _at_the_door(side)
    _sampled(side)
    _on_the_way(side)
    _positive(side)
    _policies(side)
    _signed(side)
    _told(side)
    _resumed(side)
    _kept(side)
    return side


def _told(side: Side) -> None:
    """A notice of the enterprise to its first worker, who has an address, with a file; and how the town's channel is opened."""
    clerk, first = side.users["enterprise_clerk"], side.workers[0]
    robot = Channel.objects.create(kind="wecom_robot", name=f"robot {side.key}", changed_at=NOW)
    Secret.objects.create(channel=robot, encrypted=personal.encrypt("{}"))
    Template.objects.create(name=f"own-{side.key}", title_zh="题", text_zh="文", changed_at=NOW)
    Reminding.objects.create(name=f"remind-{side.key}", changed_at=NOW)
    Address.objects.create(
        kind="mail",
        worker_id=first,
        encrypted=personal.encrypt("a@b"),
        digest=address_digest("mail", "a@b"),
        changed_at=NOW,
    )
    notice = queue(
        words=Words(Text(f"words of {side.key}", ""), Text(f"words of {side.key}", "")), workers=[first],
        enterprise=side.enterprise.pk, actor=clerk.pk, now=NOW,
    )  # fmt: skip
    attached = Attachment.objects.create(
        notice=notice,
        filename=f"evidence-{side.key}.png",
        media_type="image/png",
        size=1,
        encrypted=personal.encrypt("x"),
    )
    delivery = Delivery.objects.get(notice=notice)
    Attempt.objects.create(channel=delivery.channel, notice=notice, people=[delivery.pk], asked_at=NOW, payload=b"1")
    side.notice, side.attachment, side.delivery, side.channel = notice.pk, attached.pk, delivery.pk, robot.pk


def _kept(side: Side) -> None:
    """A bed and a seat of the first; the second was missing in a round, and was handed masks of a store."""
    first, second, _third = side.workers
    site = Site.objects.get(pk=side.site)
    keeper = Keeper(NOW, None)
    (room,) = dormitories.add_rooms(site=site, rooms=[dormitories.NewRoom("201", 1)])
    dormitories.assign(lodgings=[dormitories.Assign(first, room.beds.get().pk)], by=keeper)
    Absence.objects.create(site=site, enterprise=side.enterprise, worker_id=second, round_at=NOW, opened_at=NOW)
    duty = hygiene.add_duty(site=site, kind="canteen", name=f"words of {side.key}", now=NOW)
    done = hygiene.Done("84", 500, 30, f"cleaner of {side.key}", b"\xff\xd8\xff picture")
    cleaning = hygiene.record(duty=duty.pk, done=done, at=NOW, by=keeper)
    (table,) = canteen.add_tables(site=site, tables=[("1", 4)], now=NOW)
    shift = canteen.add_shift(site=site, name="午餐", starts=690, ends=720, now=NOW)
    canteen.seat(seats=[canteen.Seat(first, shift.pk, table.pk)], by=keeper)
    masks = stock.add_item(site=site, item="口罩", now=NOW)
    stock.deliver(stock=masks.pk, number=10, by=keeper)
    stock.issue(handed=[stock.Handed(second, masks.pk, 1)], by=keeper)
    fact = builders.record(second, "supplies", NOW, {"item": "手套", "number": 2})
    Shortfall.objects.create(
        site=site, enterprise=side.enterprise, worker_id=second, fact_id=fact, item="手套", number=2, on_hand=0, at=NOW,
        noted_at=NOW,
    )  # fmt: skip
    side.room, side.cleaning = room.pk, cleaning.pk


def _policies(side: Side) -> None:
    """A document, a measure that is no secret, and what the enterprise claims by it for its first worker."""
    made = PolicyDocument.objects.create(
        title=f"policy {side.key}", issuer="town", level="district", number=f"no. {side.key}", filename="policy.txt",
        media="text/plain", content=b"words", added_at=NOW,
    )  # fmt: skip
    text = shipped()["fuzhou-2020-22-keep-post"].replace("fuzhou-2020-22", f"fuzhou-2020-22-{side.key}")
    measure = Measure.objects.create(
        key=f"fuzhou-2020-22-{side.key}-keep-post", version="2020-03", title_zh="留岗", title_en="keep posts",
        status="complete", document=made, text=text, taken_at=NOW,
    )  # fmt: skip
    claim = Claim.objects.create(
        enterprise=side.enterprise, measure=measure, measure_key=measure.key, state="approved", claimed=860_00, approved=860_00,
        drafted_at=NOW, changed_at=NOW,
    )  # fmt: skip
    ClaimLine.objects.create(claim=claim, worker_id=side.workers[0], measure_key=measure.key, amount=860_00)
    ClaimStep.objects.create(claim=claim, state="approved", at=NOW)
    Payment.objects.create(claim=claim, approved=860_00, amount=860_00, paid_at=NOW, recorded_at=NOW)
    side.policy, side.measure, side.claim = made.pk, measure.pk, claim.pk


def _signed(side: Side) -> None:
    """A signed list with the first worker on it, and an office's layout."""
    number = Submission.objects.count() + 1
    with transaction.atomic():  # a list is signed or it is not there
        made = Submission.objects.create(
            kind="not_returned", version=number, office=f"office {side.key}", as_of=NOW, known_at=NOW
        )
        said = {"name": side.names[0], "enterprise": side.enterprise.name, "evidence": {}}
        SubmissionRow.objects.create(submission=made, place=1, key="1", subject_id=side.workers[0], values=said)
        Submission.objects.filter(pk=made.pk).update(rows=1, digest="0" * 64, signed_at=NOW, signed_by="somebody")
    book = openpyxl.Workbook()
    book.active["A1"] = "{name}"
    kept = io.BytesIO()
    book.save(kept)
    side.signed = made.pk
    side.layout = Layout.objects.create(
        kind="not_returned", name=f"layout {side.key}", content=kept.getvalue(), added_at=NOW
    ).pk  # fmt: skip


def _sampled(side: Side) -> None:
    """An appointment of the first, a tube of the second, a laboratory's file, a schedule."""
    first, second, _third = side.workers
    # Where people are tested is the town's and no secret: an enterprise chooses among all the slots.
    side.station = registry.add_site(name=f"采样点{side.key}").pk
    builders.record(side.station, "site_open", EARLY, {"purpose": "sampling"})
    slot = SlotOffer.objects.create(site_id=side.station, start=NOW + 3600, minutes=15, places=2)
    made = [
        Order.objects.create(worker_id=worker, why="due", state=state, not_before=NOW, created_at=NOW, changed_at=NOW)
        for worker, state in ((first, "booked"), (second, "sampled"))
    ]
    side.order, side.slot = made[0].pk, slot.pk
    Appointment.objects.create(order=made[0], worker_id=first, slot=slot, places=2, place=0, booked_at=NOW)
    tube = Tube.objects.create(barcode=f"TUBE-{side.key}", kind="pool", size=5, site_id=side.station, opened_at=NOW)
    TubeMember.objects.create(tube=tube, size=5, place=0, worker_id=second, order=made[1], at=NOW)
    counts = {"rows": 1, "stored": 0, "unchanged": 0, "people": 0, "refused": 1, "skipped": 0}
    file = LabFile.objects.create(digest=side.key, filename=f"results-of-{side.key}.csv", taken_at=NOW, counts=counts)
    row = LabRow.objects.create(
        file=file,
        sheet="1",
        row=2,
        code="tube.unknown",
        cells_encrypted=personal.encrypt(f'{{"name": "{side.names[0]}"}}'),
    )
    side.tube, side.row, side.file = tube.pk, row.pk, file.pk
    lacking: dict[str, object] = {"without": [], "never": [], "further": [], "places": 0}
    side.plan = SlotPlan.objects.create(made_at=NOW, asked={}, lacking=lacking).pk


def _people(side: Side) -> None:
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


def _logins(side: Side, patch: Patch, site: Site, hotel: Site) -> None:
    scopes = {"patch": patch.pk, "enterprise": side.enterprise.pk, "site": hotel.pk, "worker": side.workers[0]}
    for name in SCOPED:
        scope = site.pk if name == "door_device" else scopes[ROLES[name].scope]
        side.users[name] = builders.user(name, scope, f"{side.key}-{name}")


def _facts(side: Side) -> None:
    first, second, third = side.workers
    for worker in side.workers:
        builders.survey(worker)
    for worker in (first, second):
        builders.register(worker, NOW - 7200)
    side.fact = builders.record(second, "temperature", NOW - 7000, {"celsius": 38.3, "place": "door"}, source="door")
    _in_observation(side, third)
    for check, worker, minutes in ((side.check, first, 30), (side.refused, third, 20)):
        doors.check(
            id=check, door=side.door, worker=worker, direction="in", celsius=36.5, mask=True, gloves=True,
            now=NOW - minutes * 60, actor=side.users["guard"].pk,
        )  # fmt: skip
    doors.override(check=side.refused, reason="rescue", words="", now=NOW - 15 * 60, actor=side.users["guard"].pk)


def _in_observation(side: Side, worker: UUID) -> None:
    (room,) = rooms.add_rooms(site=side.hotel, rooms=[NewRoom("301")], at=EARLY, now=EARLY, actor=None)
    by, start = By(NOW - 86_400, None), NOW - 86_400
    (side.stay,) = stays.keep(plans=[Plan(worker, room.beds.get().pk, start, start + 14 * 86_400)], by=by)
    stays.check_in(arrivals=[CheckIn(side.stay, start)], by=by)
    Staff.objects.create(site_id=side.hotel, group="health", name=f"nurse of {side.key}", start=EARLY)
    Entry.objects.create(
        site_id=side.hotel, stay_id=side.stay, kind="visitor", who_encrypted=personal.encrypt("somebody"),
        words=f"words of {side.key}", at=NOW, recorded_at=NOW,
    )  # fmt: skip


def _papers(side: Side) -> None:
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


def _visited(side: Side) -> None:
    """The patch on the map, a member, who looks after the enterprise and answers for it, a visit with a picture, a problem."""
    member, firm = side.users["service_team_member"], side.enterprise
    Area.objects.create(patch_id=side.patch, rings=[], latitude=26, longitude=119, changed_at=NOW)
    Spot.objects.create(enterprise=firm, latitude=26, longitude=119, start=NOW)
    Member.objects.create(team_id=side.team, user=member, name=f"member of {side.key}", leads=True, start=EARLY)
    Charge.objects.create(enterprise=firm, team_id=side.team, start=EARLY)
    Lead.objects.create(enterprise=firm, name=f"leader of {side.key}", start=EARLY)
    call = Call.objects.create(enterprise=firm, team_id=side.team, day=local.start_of_day(builders.DAY), changed_at=NOW)
    problem = Problem.objects.create(
        enterprise=firm, kind="money", words=f"words of {side.key}", owner="town", opened_at=NOW, due_at=NOW + 1
    )
    ProblemEvent.objects.create(problem=problem, enterprise=firm, kind="opened", at=NOW, recorded_at=NOW)
    picture = Picture.objects.create(
        visit=call, enterprise=firm, kind="photo", media_type="image/png", size=1, taken_at=NOW, recorded_at=NOW,
        encrypted=personal.encrypt_bytes(b"\x89PNG\r\n\x1a\n"),
    )  # fmt: skip
    side.call, side.problem, side.picture = call.pk, problem.pk, picture.pk


def _at_the_door(side: Side) -> None:
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


def _on_the_way(side: Side) -> None:
    """A trip with the first worker on it, what was asked for the second, and a round of surveying."""
    first, second, _third = side.workers
    place = requests.add_place(name=f"上车点 {side.key}", division="360281")
    Vehicle.objects.create(plate=f"plate-{side.key}", rated_seats=48, rows=12, columns=4)
    trip = trips.open_trip(
        code=f"trip-{side.key}", mode="bus", origin_division="360281", site=side.site, departs=NOW + 3600,
        arrives=NOW + 9 * 3600, layout=trips.Layout(48, 12, 4), stops=[trips.Stop(place.name, NOW + 3600, place.pk)],
        now=NOW, actor=None,
    )  # fmt: skip
    trips.book(trip=trip.pk, workers=[first], now=NOW, actor=None)
    trips.release(trip=trip.pk, now=NOW, actor=None)
    crew.head_count(trip=trip.pk, counted=0, now=NOW, actor=None)
    Sighting.objects.create(
        trip=trip, worker_id=second, kind="boarding", at=NOW, door=side.door, colour="red", reasons=["trip.not_on_list"],
        state="noted",
    )  # fmt: skip
    (asked,) = requests.ask(
        enterprise=side.enterprise.pk,
        workers=[second],
        place=place.pk,
        site=side.site,
        day=builders.DAY,
        now=NOW,
        actor=None,
    )
    campaign = Campaign.objects.create(
        title=f"round of {side.key}", enterprise=side.enterprise, opens=NOW, closes=NOW + 86_400, made_at=NOW
    )
    Reminder.objects.create(campaign=campaign, worker_id=second, at=NOW)
    side.trip, side.seat_request, side.campaign = trip.pk, asked.pk, campaign.pk


def _positive(side: Side) -> None:
    """The third worker is a case, the second near them, and the plant has to be disinfected."""
    _first, second, third = side.workers
    case = Case.objects.create(worker_id=third, ground=uuid7(), since=NOW - 60, until=NOW, opened_at=NOW)
    CaseContact.objects.create(
        case=case, worker_id=second, rules=[{"rule": "door", "place": f"words of {side.key}", "last": NOW}], last_at=NOW,
        found_at=NOW,
    )  # fmt: skip
    task = CleaningTask.objects.create(
        case=case, what="workshop", site_id=side.site, place=f"words of {side.key}", made_at=NOW, not_before=NOW
    )
    side.case, side.task = case.pk, task.pk


def _resumed(side: Side) -> None:
    """A filing that waits, with its history and a condition; output that is asked back; a way of filing."""
    enterprise = side.enterprise
    Rule.objects.create(regime="permit", papers=[], start=EARLY + FIRST[side.key], recorded_at=EARLY)
    filing = Filing.objects.create(
        enterprise=enterprise, regime="permit", state=Filing.WAITING, starts=NOW, plan=f"words of {side.key}", filed_at=NOW,
        changed_at=NOW,
    )  # fmt: skip
    Step.objects.create(filing=filing, enterprise=enterprise, what="filed", at=NOW)
    Condition.objects.create(filing=filing, enterprise=enterprise, words=f"words of {side.key}")
    builders.record(enterprise.pk, "capacity", NOW - 60, {"current_yuan": 3000, "normal_yuan": 1000})
    side.filing = filing.pk


def _one_fact(subject: UUID, kind: str) -> UUID:
    return Fact.objects.get(subject=subject, kind=kind).pk
