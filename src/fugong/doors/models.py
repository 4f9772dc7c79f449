"""What doors are made of beside the ledger: devices, keys, passes, guards' PINs, visitors. What happened is in the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Door, Site, Worker


class Pseudonym(models.Model):
    """What a worker is called in passes and on devices: eight random bytes, as base64url; it says nothing about anybody."""

    worker = models.OneToOneField(Worker, on_delete=models.PROTECT, primary_key=True)
    value = models.CharField(max_length=11, unique=True)


class Device(models.Model):
    """A device that keeps a door: made with a one-time code, enrolled with its own key or a token, revoked for good.

    It acts by a login of its own, in the role ``door_device``, over its site. Of code and token only digests are kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="devices")
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("device"), max_length=64, default="")
    code_digest = models.BinaryField(null=True, unique=True)
    code_until = models.BigIntegerField()
    public_key = models.JSONField(null=True)
    token_digest = models.BinaryField(null=True, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.BigIntegerField()
    enrolled_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    seen_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="device_has_one_secret",
                condition=Q(enrolled_at__isnull=True, public_key__isnull=True, token_digest__isnull=True)
                | (
                    Q(enrolled_at__isnull=False, code_digest__isnull=True)
                    & (
                        Q(public_key__isnull=False, token_digest__isnull=True)
                        | Q(public_key__isnull=True, token_digest__isnull=False)
                    )
                ),
            ),
            models.CheckConstraint(name="device_code_ends_later", condition=Q(code_until__gt=F("made_at"))),
            models.CheckConstraint(
                name="device_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]


class SigningKey(models.Model):
    """A key by which the server signs passes and snapshots. The private half is encrypted; a retired key only verifies.

    Of a removed one the private half is gone; its row stays for the passes that it signed.
    """

    kid = models.CharField(max_length=8, primary_key=True)
    algorithm = models.CharField(max_length=16)
    private_encrypted = models.BinaryField()
    public = models.JSONField()
    created_at = models.BigIntegerField()
    retired_at = models.BigIntegerField(null=True)
    removed_at = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="signing_key_retired_first", condition=Q(removed_at__isnull=True) | Q(retired_at__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_signing_key_in_use", fields=["algorithm"], condition=Q(retired_at__isnull=True)
            ),
        ]


class Pass(models.Model):
    """A pass that was issued: on a phone for some time, or printed as a badge, valid until it is revoked."""

    PHONE, BADGE = "phone", "badge"
    KINDS = [(PHONE, _("on a phone")), (BADGE, _("printed"))]

    id = models.CharField(max_length=11, primary_key=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="passes")
    kind = models.CharField(max_length=8, choices=KINDS)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.BigIntegerField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    expires_at = models.BigIntegerField(null=True)
    revoked_at = models.BigIntegerField(null=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [models.Index(fields=["revoked_at"], name="pass_revoked", condition=Q(revoked_at__isnull=False))]
        constraints = [
            models.CheckConstraint(name="pass_kind_known", condition=Q(kind__in=["phone", "badge"])),
            models.CheckConstraint(
                name="pass_expires_later", condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("issued_at"))
            ),
            models.CheckConstraint(
                name="pass_on_a_phone_expires", condition=Q(kind="badge") | Q(expires_at__isnull=False)
            ),
        ]


class GuardPin(models.Model):
    """By which PIN a guard signs in on the devices of their doors: a salted, slow digest (PBKDF2-SHA256)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    salt = models.BinaryField()
    iterations = models.IntegerField()
    digest = models.BinaryField()
    set_at = models.BigIntegerField()


class Arrangement(models.Model):
    """Where at a site somebody waits who must not go in, and whom the guard calls."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, primary_key=True)
    place = models.CharField(_("where they wait"), max_length=100, default="", blank=True)
    call = models.CharField(_("whom to call"), max_length=64, default="", blank=True)
    phone = models.CharField(_("telephone"), max_length=32, default="", blank=True)


class Visit(models.Model):
    """Somebody on no roster who came to a door: who (encrypted), to whom, what was measured and shown, when they left."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="+", db_index=False)
    who_encrypted = models.BinaryField()
    colour = models.CharField(max_length=8)
    reasons = models.JSONField(default=list)
    celsius = models.FloatField(null=True)
    at = models.BigIntegerField()
    left_at = models.BigIntegerField(null=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["site", "at"], name="visit_by_site")]
        constraints = [
            models.CheckConstraint(name="visit_colour_known", condition=Q(colour__in=["green", "amber", "red"])),
            models.CheckConstraint(
                name="visit_ends_after_it_begins", condition=Q(left_at__isnull=True) | Q(left_at__gte=F("at"))
            ),
        ]


class Told(models.Model):
    """Who was told of a confirmed fever at a door."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    check_fact = models.UUIDField()
    who = models.CharField(max_length=64)
    words = models.CharField(max_length=200, default="")
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)


class Shift(models.Model):
    """A guard signed in at a device, or off."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="shifts")
    guard = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField(max_length=3, choices=[("in", _("in")), ("out", _("out"))])
    at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="shift_direction_known", condition=Q(direction__in=["in", "out"])),
        ]


class SnapshotPart(models.Model):
    """What a door's devices were last told of everything but people: each part's digest, and since which number it is so."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="+", db_index=False)
    permission = models.CharField(max_length=20)
    name = models.CharField(max_length=16)
    digest = models.BinaryField()
    changed = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="snapshot_part_once", fields=["door", "permission", "name"]),
        ]


class Remark(models.Model):
    """What somebody said of a check: that a line of what did not fit was looked at, or that the worker has left since.

    ``kind`` is one of ``misfits.KINDS``, or ``left``: then ``left_at`` is when they went out without a check.
    """

    LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+", db_index=False)
    check_fact = models.UUIDField()
    kind = models.CharField(max_length=16)
    words = models.CharField(_("in words"), max_length=200)
    left_at = models.BigIntegerField(null=True)
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="remark_once_a_kind", fields=["check_fact", "kind"]),
            models.CheckConstraint(
                name="remark_says_when_they_left",
                condition=Q(kind="left", left_at__isnull=False) | (~Q(kind="left") & Q(left_at__isnull=True)),
            ),
        ]
