"""Cases: somebody found positive, who was near them, and what has to be disinfected.

That somebody is a close contact is a fact of the ledger, written when a person has looked at them; until then they stand here
only, and nothing follows. What must never be is a constraint, or a trigger of migration 0002 (`case_closed_when_all_is_decided`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Site, Worker


class Case(models.Model):
    """Somebody found positive, and the time in which they may have passed it on.

    ``ground`` is the fact it rests on: a positive ``test`` or a ``diagnosis``. ``since``: their first symptom, or else the
    sample; ``until``: when they were found and set apart. Contacts are sought from the pack's ``days_before`` before
    ``since`` to ``until``.
    """

    OPEN, CLOSED = "open", "closed"
    STATES = [(OPEN, pgettext_lazy("case", "open")), (CLOSED, pgettext_lazy("case", "closed"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    ground = models.UUIDField(unique=True)
    since = models.BigIntegerField()
    until = models.BigIntegerField()
    state = models.CharField(max_length=6, default=OPEN, choices=STATES)
    words = models.CharField(_("note"), max_length=200, default="", blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.BigIntegerField()
    searched_at = models.BigIntegerField(null=True)
    closed_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "opened_at"], name="case_by_opening")]
        constraints = [
            models.UniqueConstraint(name="one_open_case_a_worker", fields=["worker"], condition=Q(state="open")),
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=["open", "closed"])),
            models.CheckConstraint(name="case_since_before_until", condition=Q(since__lte=F("until"))),
            models.CheckConstraint(
                name="case_closed_some_time",
                condition=Q(state="open", closed_at__isnull=True) | Q(state="closed", closed_at__isnull=False),
            ),
        ]


class CaseContact(models.Model):
    """Somebody who was near a case: by which rules, where, and when for the last time; and what a person made of it.

    ``rules`` is a list of ``{"rule", "place", "last"}``, the latest first; ``place`` and ``last_at`` are those of the first.
    ``confirmed``: they are a close contact, by the fact ``fact_id``. ``dismissed``: they are not, and ``reason`` says why.
    """

    PROPOSED, CONFIRMED, DISMISSED = "proposed", "confirmed", "dismissed"
    STATES = [
        (PROPOSED, pgettext_lazy("contact", "to be reviewed")),
        (CONFIRMED, pgettext_lazy("contact", "confirmed")),
        (DISMISSED, pgettext_lazy("contact", "dismissed")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    rules = models.JSONField(default=list)
    place = models.CharField(_("place"), max_length=200, default="")
    last_at = models.BigIntegerField()
    state = models.CharField(max_length=9, default=PROPOSED, choices=STATES)
    reason = models.CharField(_("reason"), max_length=200, default="")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.BigIntegerField(null=True)
    fact_id = models.UUIDField(null=True)
    found_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="contact_once_a_case", fields=["case", "worker"]),
            models.CheckConstraint(
                name="contact_decided",
                condition=Q(state="proposed", decided_at__isnull=True, fact_id__isnull=True)
                | Q(state="confirmed", decided_at__isnull=False, fact_id__isnull=False)
                | (Q(state="dismissed", decided_at__isnull=False, fact_id__isnull=True) & ~Q(reason="")),
            ),
        ]

    @property
    def codes(self) -> list[str]:
        """The rules that found them, each once, that of the latest contact first."""
        return list(dict.fromkeys(one["rule"] for one in self.rules))


class CleaningTask(models.Model):
    """Something that a case was in and that has to be disinfected; done, with what, how strong and how long.

    ``trip`` is the trip of a vehicle. What was done before ``not_before``, when the case was set apart, doesn't count. The
    limits are the pack's (``operations.disinfection``); ``fact_id`` is the ``disinfection`` fact about ``site``. It names
    nobody: whoever disinfects there sees it.
    """

    VEHICLE, ROOM, WORKSHOP, CANTEEN = "vehicle", "room", "workshop", "canteen"
    WHATS = [
        (VEHICLE, _("vehicle")),
        (ROOM, _("room")),
        (WORKSHOP, _("workshop")),
        (CANTEEN, _("canteen")),
    ]
    OPEN, DONE, DISMISSED = "open", "done", "dismissed"
    STATES = [
        (OPEN, pgettext_lazy("task", "to be done")),
        (DONE, pgettext_lazy("task", "done")),
        (DISMISSED, pgettext_lazy("task", "not needed")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    what = models.CharField(_("what"), max_length=8, choices=WHATS)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("place"), max_length=200)
    trip = models.CharField(_("trip"), max_length=64, default="", blank=True)
    state = models.CharField(max_length=9, default=OPEN, choices=STATES)
    reason = models.CharField(_("reason"), max_length=200, default="")
    made_at = models.BigIntegerField()
    not_before = models.BigIntegerField()
    agent = models.CharField(_("agent"), max_length=64, default="")
    mg_per_litre = models.FloatField(_("concentration, mg/L"), null=True)
    minutes = models.FloatField(_("minutes"), null=True)
    done_by = models.CharField(_("disinfected by"), max_length=64, default="")
    done_at = models.BigIntegerField(null=True)
    fact_id = models.UUIDField(null=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["site", "state"], name="task_by_site")]
        constraints = [
            models.UniqueConstraint(name="task_once_a_case", fields=["case", "what", "site", "place"]),
            models.CheckConstraint(
                name="task_what_known", condition=Q(what__in=["vehicle", "room", "workshop", "canteen"])
            ),
            models.CheckConstraint(
                name="task_done_with_its_figures",
                condition=Q(state="open", done_at__isnull=True, fact_id__isnull=True)
                | (
                    Q(state="done", mg_per_litre__gt=0, minutes__gt=0, done_at__isnull=False, fact_id__isnull=False)
                    & Q(mg_per_litre__isnull=False, minutes__isnull=False)
                    & ~Q(agent="")
                )
                | (Q(state="dismissed", done_at__isnull=True, fact_id__isnull=True) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="task_done_after_the_case", condition=Q(done_at__isnull=True) | Q(done_at__gte=F("not_before"))
            ),
        ]
