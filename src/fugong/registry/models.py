"""Divisions, patches, enterprises, sites, doors and workers: the present state. The dated truth is in the ledger."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.ledger.models import Subject


class Division(models.Model):
    """An administrative division (GB/T 2260 code, to town level 9 digits) that this installation speaks of."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, primary_key=True)
    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=64)


class Town(models.Model):
    """The division that this installation serves: one row."""

    only = models.BooleanField(primary_key=True, default=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.CheckConstraint(name="one_town", condition=models.Q(only=True))]


class Patch(models.Model):
    """A part of the town that one service team looks after."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=64, unique=True)


class Enterprise(models.Model):
    """An employer, by its unified social credit code (GB 32100)."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, primary_key=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=128)
    key = models.SlugField(_("short key"), max_length=32, unique=True)
    patch = models.ForeignKey(Patch, on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place with doors, rooms or vehicles' bays: a plant, a dormitory, an observation site."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, primary_key=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="sites")
    name = models.CharField(_("name"), max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="site_once_an_enterprise", fields=["enterprise", "name"])]

    def __str__(self) -> str:
        return self.name


class Door(models.Model):
    """A door of a site, where people are checked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="doors")
    name = models.CharField(_("name"), max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(name="door_once_a_site", fields=["site", "name"])]

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A worker's file (一人一档): who they are; all that is dated is in the ledger."""

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, primary_key=True)
    name = models.CharField(_("name"), max_length=64)
    initials = models.CharField(max_length=64)
    phone_encrypted = models.BinaryField(null=True)
    phone_digest = models.BinaryField(null=True)
    phone_tail = models.CharField(max_length=4, default="")
    address = models.CharField(_("address"), max_length=200, default="")

    class Meta:
        indexes = [models.Index(fields=["initials"], name="worker_by_initials")]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_masked(self) -> str:
        """The phone number as it may be shown."""
        return personal.masked(self.phone_tail)


class Document(models.Model):
    """An identity document. No two workers hold the same one.

    What an enterprise says of somebody whom it does not see may be somebody else's document: it is ``claimed`` until the
    town has compared the two files (``registry.claims``), then ``joined`` when both are one person's, or ``refused``.
    """

    HELD, CLAIMED, REFUSED, JOINED = "held", "claimed", "refused", "joined"
    STANDINGS = [
        (HELD, _("this person's")),
        (CLAIMED, _("claimed")),
        (REFUSED, _("another person's")),
        (JOINED, _("joined")),
    ]

    TYPES = [
        ("resident", _("resident identity card")),
        ("residence_permit", _("residence permit for Hong Kong, Macao and Taiwan residents")),
        ("passport", _("passport")),
        ("hk_macao_permit", _("mainland travel permit for Hong Kong and Macao residents")),
        ("taiwan_permit", _("mainland travel permit for Taiwan residents")),
        ("foreign_permanent", _("foreign permanent resident identity card")),
        ("other", _("other document")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="documents")
    type = models.CharField(max_length=20, choices=TYPES)
    encrypted = models.BinaryField()
    digest = models.BinaryField()
    tail = models.CharField(max_length=4)
    standing = models.CharField(max_length=8, default=HELD, choices=STANDINGS)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="document_is_one_persons", fields=["digest"], condition=models.Q(standing="held")
            ),
            models.CheckConstraint(
                name="document_standing_known",
                condition=models.Q(standing__in=["held", "claimed", "refused", "joined"]),
            ),
        ]
        indexes = [models.Index(fields=["digest"], name="document_by_digest")]

    @property
    def masked(self) -> str:
        """The number as it may be shown: its last four characters."""
        return personal.masked(self.tail)


class Employment(models.Model):
    """Who works where at present: what the ledger's ``employment`` facts come to, one row a worker and enterprise."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="employments")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="employments")
    fact_id = models.UUIDField()
    workshop = models.CharField(_("workshop"), max_length=64, default="")
    post = models.CharField(_("post"), max_length=64, default="")
    badge = models.CharField(_("badge number"), max_length=32, default="")
    start = models.BigIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="employed_once_by_an_enterprise", fields=["worker", "enterprise"])]
        indexes = [models.Index(fields=["enterprise", "active"], name="employment_by_enterprise")]


class Upload(models.Model):
    """A list that somebody uploads: looked at first, then taken in. Its content is personal data and goes away soon.

    ``waiting``: taking it in waits for a second person, who has the content; ``result`` names the act.
    """

    OPEN, WAITING, DONE = "open", "waiting", "done"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    overrides = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default=OPEN, choices=[(name, name) for name in (OPEN, WAITING, DONE)])
    result = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.BigIntegerField()
    applied_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="upload_with_content", condition=models.Q(content__isnull=False))
        ]

    @property
    def shown_name(self) -> str:
        """The file's name as pages show it: people name files after whom they are about."""
        return personal.numbers_masked(self.filename, least=9)


class Paper(models.Model):
    """A file that an enterprise showed as evidence, encrypted, kept once however often it is sent.

    ``digest`` is of the enterprise and the content together: it says nothing of what other enterprises showed. An
    ``evidence`` fact names it by its id, one of a person by its evidence (``paper:<id>``).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="papers", db_index=False)
    filename = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.BinaryField()
    encrypted = models.BinaryField()
    added_at = models.BigIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(name="paper_kept_once", fields=["enterprise", "digest"])]

    @property
    def shown_name(self) -> str:
        """The file's name as pages show it: people name files after whom they are about."""
        return personal.numbers_masked(self.filename, least=9)
