"""Observation sites: rooms, beds, and who stays in them from when to when. That somebody is in observation is a fact.

A stay that is planned is a row here only: no permission follows from a bed that somebody may never come to. From the
check-in on it is told as an ``observation`` fact, and each change of it as another that supersedes the first.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Site, Worker

GROUPS = [
    ("disinfection", _("prevention and disinfection")),
    ("health", _("health observation")),
    ("information", _("information and contact")),
    ("security", _("security")),
    ("supplies", _("supplies")),
]
"""The five groups of a site's staff (防控消毒、健康观察、信息联络、安全保卫、后勤保障)."""


class Room(models.Model):
    """A room that a site offers from ``opens`` to ``closes``; ``order`` is its place in the nurse's round.

    ``people`` is how many may be in it at a time, by the pack; with ``households`` those of one household may share it, as
    many as it has beds. ``fact_id`` is the ``room`` fact.
    """

    ANY, MEN, WOMEN = "", "m", "f"
    SEXES = [(ANY, _("anybody")), (MEN, _("men")), (WOMEN, _("women"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("room"), max_length=16)
    order = models.IntegerField(_("place in the round"))
    floor = models.SmallIntegerField(_("floor"), default=1)
    zone = models.CharField(_("zone"), max_length=16, default="", blank=True)
    medical = models.BooleanField(_("medical equipment"), default=False)
    sex = models.CharField(_("for"), max_length=1, default=ANY, blank=True, choices=SEXES)
    people = models.SmallIntegerField(_("people at a time"), default=1)
    households = models.BooleanField(_("a household may share it"), default=False)
    opens = models.BigIntegerField()
    closes = models.BigIntegerField()
    fact_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="room_once_a_site", fields=["site", "name"]),
            models.CheckConstraint(name="room_opens_before_it_closes", condition=Q(opens__lt=F("closes"))),
            models.CheckConstraint(name="room_sex_known", condition=Q(sex__in=["", "m", "f"])),
            models.CheckConstraint(name="room_for_somebody", condition=Q(people__gte=1)),
        ]
        indexes = [models.Index(fields=["site", "order"], name="room_in_walking_order")]

    def __str__(self) -> str:
        return self.name


class Bed(models.Model):
    """A bed of a room."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="beds")
    name = models.CharField(_("bed"), max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(name="bed_once_a_room", fields=["room", "name"])]

    def __str__(self) -> str:
        return self.name


class Stay(models.Model):
    """Somebody in a bed from ``start`` to ``end``: planned, present or ended; a plan that was given up is cancelled.

    The bed is free for the next person at ``free_from``: ``end`` and the time it takes to clean. ``since`` is when this
    person's observation began, also in another room. Room and site are the bed's: the database sees to that.
    Migration 0002 holds what must never be: two stays in one bed at one time, a person in two, more people in a room than
    may be, a stay outside the time in which the room is offered.
    """

    PLANNED, PRESENT, ENDED, CANCELLED = "planned", "present", "ended", "cancelled"
    STATES = [
        (PLANNED, pgettext_lazy("stay", "planned")),
        (PRESENT, _("present")),
        (ENDED, _("ended")),
        (CANCELLED, _("cancelled")),
    ]
    RELEASED, MOVED, EARLY, HOSPITAL = "released", "moved", "early", "hospital"
    HOWS = [
        (RELEASED, pgettext_lazy("stay", "released")),
        (MOVED, _("moved to another bed")),
        (EARLY, _("ended early")),
        (HOSPITAL, _("transferred to hospital")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="stays")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="stays")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="stays")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="stays")
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    free_from = models.BigIntegerField()
    since = models.BigIntegerField()
    state = models.CharField(max_length=9, default=PLANNED, choices=STATES)
    how = models.CharField(max_length=8, default="", choices=HOWS)
    reason = models.CharField(max_length=200, default="")
    cohort = models.CharField(max_length=32, default="")
    household = models.UUIDField(null=True)
    fact_id = models.UUIDField(null=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="stay_starts_before_it_ends", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(name="stay_bed_free_after_it", condition=Q(free_from__gte=F("end"))),
            models.CheckConstraint(name="stay_since_before_it", condition=Q(since__lte=F("start"))),
            models.CheckConstraint(
                name="stay_state_known", condition=Q(state__in=["planned", "present", "ended", "cancelled"])
            ),
            models.CheckConstraint(
                name="stay_ended_somehow",
                condition=Q(state="ended", how__in=["released", "moved", "early", "hospital"])
                | (~Q(state="ended") & Q(how="")),
            ),
            models.CheckConstraint(
                name="stay_told_as_a_fact",
                condition=Q(state__in=["planned", "cancelled"]) | Q(fact_id__isnull=False),
            ),
            models.UniqueConstraint(name="bed_has_one_person_present", fields=["bed"], condition=Q(state="present")),
            models.UniqueConstraint(name="person_present_in_one_bed", fields=["worker"], condition=Q(state="present")),
        ]
        indexes = [models.Index(fields=["site", "end"], name="stay_by_site")]


class Staff(models.Model):
    """Somebody who works at a site, in one of its five groups. The telephone number is encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="staff")
    group = models.CharField(_("group"), max_length=12, choices=GROUPS)
    name = models.CharField(_("full name"), max_length=64)
    leads = models.BooleanField(_("leads the group"), default=False)
    phone_encrypted = models.BinaryField(null=True)
    phone_tail = models.CharField(max_length=4, default="")
    start = models.BigIntegerField()
    end = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_group_known",
                condition=Q(group__in=["disinfection", "health", "information", "security", "supplies"]),
            ),
            models.CheckConstraint(
                name="staff_ends_after_it_begins", condition=Q(end__isnull=True) | Q(end__gte=F("start"))
            ),
        ]


class Entry(models.Model):
    """A line of a site's day book: a visitor, a delivery, or somebody who wasn't in their room. Who came is encrypted."""

    VISITOR, DELIVERY, ABSENT = "visitor", "delivery", "absent"
    KINDS = [(VISITOR, _("visitor")), (DELIVERY, _("delivery")), (ABSENT, _("not in the room"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, null=True, related_name="entries", db_index=False)
    kind = models.CharField(max_length=8, choices=KINDS)
    who_encrypted = models.BinaryField(null=True)
    words = models.CharField(max_length=200, default="")
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="entry_kind_known", condition=Q(kind__in=["visitor", "delivery", "absent"])),
        ]
        indexes = [models.Index(fields=["site", "at"], name="entry_by_site")]
