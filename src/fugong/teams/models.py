"""Service teams (党员服务队): patches on the map, who is in a team, whom it looks after, visits and problems.

A visit that is planned is a row here; that it took place is a ``visit`` fact. A problem is work under way: a row with its
history, which nobody changes. It is closed by the enterprise's word only.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.ledger.models import Subject
from fugong.registry.models import Enterprise, Patch

PROBLEM_KINDS = [
    ("workers", _("workers are missing")),
    ("transport", _("bringing workers back")),
    ("supplies", _("masks and other supplies")),
    ("materials", _("materials and transport of goods")),
    ("money", _("money and loans")),
    ("dormitory", _("lodging and isolation rooms")),
    ("permit", _("permits and filing")),
    ("policy", _("a policy that isn't clear or isn't carried out")),
    ("other", pgettext_lazy("kind of problem", "something else")),
]
"""What enterprises have trouble with (困难问题)."""


class ServiceTeam(models.Model):
    """A team that serves a patch; since when, and under whom, the ledger says (``service_team`` facts)."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, primary_key=True)
    name = models.CharField(_("name"), max_length=64, unique=True)
    patch = models.ForeignKey(Patch, on_delete=models.PROTECT, related_name="teams")

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A patch on the map: rings of [longitude, latitude] (WGS 84), and the middle from which its team sets out."""

    patch = models.OneToOneField(Patch, on_delete=models.PROTECT, primary_key=True, related_name="area")
    rings = models.JSONField()
    latitude = models.FloatField()
    longitude = models.FloatField()
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="area_lies_on_the_earth",
                condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            )
        ]


class Spot(models.Model):
    """Where an enterprise lies, as somebody has said it, from ``start`` to ``end``: in one place at a time.

    Where nobody has said it, the middle of its patch stands for it. Rows are ended, never changed: what was said before
    stays readable, and can be taken again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="spots")
    latitude = models.FloatField()
    longitude = models.FloatField()
    start = models.BigIntegerField()
    end = models.BigIntegerField(default=PLUS_INF)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="spot_lies_on_the_earth",
                condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
            models.CheckConstraint(name="spot_for_some_time", condition=Q(start__lt=F("end"))),
        ]


class Member(models.Model):
    """Somebody in a team from ``start`` to ``end``: in one team at a time. A team has one leader at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(ServiceTeam, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=32)
    leads = models.BooleanField(_("leads the team"), default=False)
    start = models.BigIntegerField()
    end = models.BigIntegerField(default=PLUS_INF)

    class Meta:
        constraints = [
            models.CheckConstraint(name="member_for_some_time", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(name="member_has_a_name", condition=~Q(name="")),
        ]


class Charge(models.Model):
    """Which team looks after an enterprise from ``start`` to ``end``: one at a time. Somebody has accepted it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="charges")
    team = models.ForeignKey(ServiceTeam, on_delete=models.PROTECT, related_name="charges")
    start = models.BigIntegerField()
    end = models.BigIntegerField(default=PLUS_INF)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.CheckConstraint(name="charge_for_some_time", condition=Q(start__lt=F("end")))]
        indexes = [models.Index(fields=["team", "end"], name="charge_by_team")]


class Lead(models.Model):
    """A town leader who answers for an enterprise from ``start`` to ``end`` (包保领导，逐户落实): one at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="leads")
    name = models.CharField(_("name"), max_length=32)
    post = models.CharField(_("post"), max_length=64, default="")
    start = models.BigIntegerField()
    end = models.BigIntegerField(default=PLUS_INF)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="lead_for_some_time", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(name="lead_has_a_name", condition=~Q(name="")),
        ]


class Visit(models.Model):
    """A visit to an enterprise on a day (its first second): planned, made, or dropped.

    ``place`` is its place in the day's route and ``arrives`` when the team is expected, where the route was planned.
    ``unplanned`` is what a member began on the spot: it stands beside a planned one, so that nothing written down is lost.
    ``fact_id`` is the ``visit`` fact: what was made has one.
    """

    PLANNED, MADE, DROPPED = "planned", "made", "dropped"
    STATES = [
        (PLANNED, pgettext_lazy("a visit", "planned")),
        (MADE, pgettext_lazy("a visit", "made")),
        (DROPPED, pgettext_lazy("a visit", "dropped")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="visits")
    team = models.ForeignKey(ServiceTeam, on_delete=models.PROTECT, related_name="visits", db_index=False)
    day = models.BigIntegerField()
    place = models.SmallIntegerField(default=0)
    arrives = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=STATES, default=PLANNED)
    unplanned = models.BooleanField(default=False)
    begun_at = models.BigIntegerField(null=True)
    ended_at = models.BigIntegerField(null=True)
    met = models.CharField(_("whom the team met"), max_length=64, default="")
    topics = models.JSONField(default=list)
    checks = models.JSONField(default=dict)
    note = models.TextField(default="")
    fact_id = models.UUIDField(null=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_planned_visit_a_day",
                fields=["enterprise", "day"],
                condition=Q(state="planned", unplanned=False),
            ),
            models.CheckConstraint(
                name="visit_made_is_a_fact",
                condition=Q(state="made", fact_id__isnull=False, begun_at__isnull=False, ended_at__gte=F("begun_at"))
                | (~Q(state="made") & Q(fact_id__isnull=True, ended_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "day"], name="visit_by_team_and_day"),
            models.Index(fields=["day", "state"], name="visit_by_day"),
        ]


class Problem(models.Model):
    """A problem (困难问题) of an enterprise; ``owner`` sees to it until ``due_at``.

    ``open`` until somebody says what was done (``answered``), ``closed`` by the enterprise's word only: ``word_of`` is who gave
    it. What happened to it stands in its `ProblemEvent`.
    """

    OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
    STATES = [
        (OPEN, pgettext_lazy("a problem", "open")),
        (ANSWERED, _("dealt with, waits for the enterprise")),
        (CLOSED, pgettext_lazy("a problem", "closed")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="problems")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="problems")
    kind = models.CharField(_("kind of problem"), max_length=16, choices=PROBLEM_KINDS)
    words = models.TextField(_("what it is"))
    owner = models.CharField(_("who sees to it"), max_length=64)
    opened_at = models.BigIntegerField()
    due_at = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=STATES, default=OPEN)
    escalated_at = models.BigIntegerField(null=True)
    closed_at = models.BigIntegerField(null=True)
    word_of = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="problem_says_what_it_is", condition=~Q(words="") & ~Q(owner="")),
            models.CheckConstraint(name="problem_due_after_it_is_opened", condition=Q(due_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="problem_closed_by_the_enterprises_word",
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(word_of=""))
                | (~Q(state="closed") & Q(closed_at__isnull=True, word_of="")),
            ),
            models.CheckConstraint(
                name="problem_escalates_when_it_is_late",
                condition=Q(escalated_at__isnull=True) | Q(escalated_at__gte=F("opened_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="problem_by_state"),
            models.Index(fields=["enterprise", "state"], name="problem_by_enterprise"),
        ]

    def is_late(self, at: int) -> bool:
        """Whether its day is over and it isn't closed, whoever has to act: who sees to it, or the enterprise that was asked."""
        return self.state != self.CLOSED and self.due_at <= at

    @property
    def turn(self) -> str:
        """Who has to act: who sees to it; the enterprise once something was done; nobody when it is closed."""
        return {self.OPEN: self.owner, self.ANSWERED: self.enterprise.name}.get(self.state, "")


class ProblemEvent(models.Model):
    """What happened to a problem, once, never changed. ``word_of`` is whose word it is, where it is the enterprise's."""

    OPENED, HANDED, ANSWERED, CLOSED, REOPENED, ESCALATED = (
        "opened", "handed", "answered", "closed", "reopened", "escalated",
    )  # fmt: skip
    KINDS = [
        (OPENED, pgettext_lazy("a problem", "reported")),
        (HANDED, pgettext_lazy("a problem", "given to somebody else")),
        (ANSWERED, pgettext_lazy("a problem", "dealt with")),
        (CLOSED, pgettext_lazy("a problem", "solved, says the enterprise")),
        (REOPENED, pgettext_lazy("a problem", "not solved, open again")),
        (ESCALATED, pgettext_lazy("a problem", "late: passed on to the town")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="events")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=KINDS)
    words = models.TextField(default="")
    owner = models.CharField(max_length=64, default="")
    due_at = models.BigIntegerField(null=True)
    word_of = models.CharField(max_length=64, default="")
    at = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_closes_by_somebodys_word",
                condition=~Q(kind__in=["closed", "reopened"]) | ~Q(word_of=""),
            )
        ]


class Attachment(models.Model):
    """A photo, or who signed for a document, from a visit: encrypted, as it may show people."""

    PHOTO, SIGNATURE = "photo", "signature"
    KINDS = [(PHOTO, _("photo")), (SIGNATURE, _("signature"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="attachments")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+", db_index=False)
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, null=True, related_name="attachments")
    kind = models.CharField(max_length=10, choices=KINDS)
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()
    encrypted = models.BinaryField()
    taken_at = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
