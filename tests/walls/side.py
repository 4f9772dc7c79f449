"""One of the two enterprises: what belongs to it is known here by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import builders
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.registry.models import Document, Employment, Enterprise

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
    paper: UUID = field(default_factory=uuid7)

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
            "signed": self.signed, "layout": self.layout, "paper": self.paper,
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
            self.claim, self.paper,
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
            f"paper-of-{self.key}.pdf",
        }  # fmt: skip
