"""Stores: what is there, what came in, what was handed out, and what the lists say that the shelf doesn't."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Enterprise, Site, Worker


class Stock(models.Model):
    """An item at a site. ``on_hand`` is the sum of its movements: the database keeps it, and never below zero."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="stocks")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    item = models.CharField(_("item"), max_length=32)
    unit = models.CharField(_("unit"), max_length=8, default="", blank=True)
    on_hand = models.IntegerField(_("on hand"), default=0)
    since = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stock_once_a_site", fields=["site", "item"]),
            models.CheckConstraint(name="stock_never_below_zero", condition=Q(on_hand__gte=0)),
        ]
        indexes = [models.Index(fields=["enterprise", "item"], name="stock_by_enterprise")]

    def __str__(self) -> str:
        return self.item


class Movement(models.Model):
    """What came in (positive) or went out (negative). Never changed: what was wrong is undone by another one.

    ``day`` is the local one. ``fact_id`` is the ``supplies`` fact of what a worker was handed; ``undoes`` the movement that
    this one takes back.
    """

    DELIVERY, ISSUE, COUNT, BACK = "delivery", "issue", "count", "back"
    KINDS = [
        (DELIVERY, pgettext_lazy("stock", "delivery")),
        (ISSUE, _("handed out")),
        (COUNT, pgettext_lazy("stock", "counted")),
        (BACK, pgettext_lazy("stock", "taken back")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="movements", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=KINDS)
    number = models.IntegerField()
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    fact_id = models.UUIDField(null=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone")
    words = models.CharField(max_length=100, default="")
    at = models.BigIntegerField()
    day = models.DateField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="movement_once_a_fact", fields=["fact_id"], condition=Q(fact_id__isnull=False, kind="issue")
            ),
            models.CheckConstraint(
                name="movement_says_which_way",
                condition=Q(kind="delivery", number__gt=0)
                | Q(kind="issue", number__lt=0, worker__isnull=False, fact_id__isnull=False)
                | (Q(kind="count") & ~Q(number=0) & ~Q(words=""))
                | (Q(kind="back", undoes__isnull=False) & ~Q(number=0)),
            ),
        ]
        indexes = [
            models.Index(fields=["stock", "-at"], name="movement_by_stock"),
            models.Index(fields=["enterprise", "-at"], name="movement_by_enterprise"),
        ]


class Use(models.Model):
    """How much of an item was handed out on a local day: kept by the database with each movement."""

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="uses", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    day = models.DateField()
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="use_once_a_day", fields=["stock", "day"])]


class Shortfall(models.Model):
    """A list says that somebody was handed something which the shelf did not hold: a person finds out what happened."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    fact_id = models.UUIDField(unique=True)
    item = models.CharField(_("item"), max_length=32)
    number = models.IntegerField(_("number"))
    on_hand = models.IntegerField(_("on hand"))
    at = models.BigIntegerField()
    noted_at = models.BigIntegerField()
    settled_at = models.BigIntegerField(null=True)
    words = models.CharField(_("what happened"), max_length=200, default="")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shortfall_settled_in_words", condition=Q(settled_at__isnull=True) | ~Q(words="")
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "settled_at"], name="shortfall_by_enterprise")]
