"""Notices, to whom they go and by which channel: the outbox. What was tried is noted before it is tried."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.registry.models import Enterprise, Worker

PAGE = "page"
DINGTALK_ROBOT, DINGTALK_WORK = "dingtalk_robot", "dingtalk_work"
WECOM_ROBOT, WECOM_APP = "wecom_robot", "wecom_app"
SMS, MAIL, OTHER = "sms", "mail", "other"
CHANNEL_KINDS = [
    (PAGE, _("people's own page")),
    (DINGTALK_WORK, _("DingTalk work notification")),
    (DINGTALK_ROBOT, _("DingTalk group robot")),
    (WECOM_APP, _("WeCom app message")),
    (WECOM_ROBOT, _("WeCom group robot")),
    (SMS, _("SMS gateway")),
    (MAIL, _("E-mail")),
    (OTHER, _("anything else, through Apprise")),
]
GROUPS = frozenset({DINGTALK_ROBOT, WECOM_ROBOT, OTHER})
"""Channels that speak to a whole group: nothing personal may go there."""

DRAFT, WAITING, QUEUED, UNDER_WAY, CANCELLED = "draft", "waiting", "queued", "under_way", "cancelled"
NOTICE_STATES = [
    (DRAFT, _("draft")),
    (WAITING, _("waiting for a second person")),
    (QUEUED, _("to be sent")),
    (UNDER_WAY, _("handed to the channels")),
    (CANCELLED, _("cancelled")),
]

SENDING, SENT, UNKNOWN, DEAD = "sending", "sent", "unknown", "dead"
DELIVERY_STATES = [
    (QUEUED, _("to be sent")),
    (SENDING, _("being sent")),
    (SENT, _("accepted by the channel")),
    (UNKNOWN, _("unknown whether it was sent")),
    (DEAD, _("not delivered")),
    (CANCELLED, _("cancelled")),
]

ASKED, ACCEPTED, REFUSED, LATER = "asked", "accepted", "refused", "later"
OUTCOMES = [
    (ASKED, _("no answer yet")),
    (ACCEPTED, _("accepted by the channel")),
    (REFUSED, _("refused by the channel")),
    (LATER, _("not now, later again")),
    (UNKNOWN, _("unknown whether it was sent")),
]

BY_KEY, BY_PERSON = "key", "person"


class Channel(models.Model):
    """A way by which notices go out, as the town has set it up.

    At most ``most`` calls in ``seconds`` seconds are made, by all processes together; nothing before ``held_until``.
    ``automatic``: what apps queue by themselves goes this way too. An empty ``base_url`` is the provider's own address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=CHANNEL_KINDS)
    name = models.CharField(max_length=64, unique=True)
    base_url = models.CharField(max_length=300, default="", blank=True)
    settings = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    automatic = models.BooleanField(default=False)
    most = models.PositiveIntegerField(default=20)
    seconds = models.PositiveIntegerField(default=60)
    held_until = models.BigIntegerField(default=0)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_page_channel", fields=["kind"], condition=Q(kind=PAGE)),
            models.CheckConstraint(name="channel_limit_is_positive", condition=Q(most__gt=0, seconds__gt=0)),
            models.CheckConstraint(
                name="group_channel_is_never_automatic", condition=Q(automatic=False) | ~Q(kind__in=sorted(GROUPS))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """What pages call it: people's own page in their language, the others as the town has named them."""
        return str(self.get_kind_display()) if self.kind == PAGE else self.name

    @property
    def is_group(self) -> bool:
        """Whether it speaks to a group instead of to one person."""
        return self.kind in GROUPS


class Secret(models.Model):
    """What a channel is opened with, encrypted, and the token that the provider gave for it, for all processes."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, primary_key=True)
    encrypted = models.BinaryField()
    token_encrypted = models.BinaryField(null=True)
    token_until = models.BigIntegerField(null=True)


class Template(models.Model):
    """A text with variables, in Chinese and in English. One with the name of a built-in one takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=32, unique=True)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, default="", blank=True)
    text_zh = models.TextField()
    text_en = models.TextField(default="", blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="template_says_something", condition=~Q(title_zh="") & ~Q(text_zh=""))
        ]


class Notice(models.Model):
    """What is said, to whom, when and by which channels.

    ``enterprise`` is whose it is (null: the town's). ``audience`` and ``of`` name to whom it goes; they are
    resolved when it is sent, within the scope of whoever made it. ``once`` keeps what must be said once (a reminder of a day)
    from being said twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reason = models.CharField(max_length=32, default="manual")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, default="")
    text_zh = models.TextField()
    text_en = models.TextField(default="")
    values = models.JSONField(default=dict)
    languages = models.CharField(max_length=8, default="zh")
    audience = models.CharField(max_length=32, default="")
    of = models.UUIDField(null=True)
    channels = models.ManyToManyField(Channel, related_name="+")
    once = models.CharField(max_length=120, default="")
    state = models.CharField(max_length=12, choices=NOTICE_STATES, default=DRAFT)
    send_at = models.BigIntegerField()
    counted = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.BigIntegerField()
    confirmed_at = models.BigIntegerField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    approved_at = models.BigIntegerField(null=True)
    expanded_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["made_at"], name="notice_by_when"),
            models.Index(fields=["send_at"], name="notice_to_be_sent", condition=Q(state="queued")),
        ]
        constraints = [
            models.UniqueConstraint(name="notice_said_once", fields=["once"], condition=~Q(once="")),
            models.CheckConstraint(name="notice_says_something", condition=~Q(title_zh="") & ~Q(text_zh="")),
            models.CheckConstraint(
                name="notice_confirmed_before_it_goes",
                condition=Q(state__in=[DRAFT, CANCELLED]) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_approved_by_somebody_else",
                condition=Q(approved_by__isnull=True) | Q(made_by__isnull=False) & ~Q(approved_by=F("made_by")),
            ),
            models.CheckConstraint(name="notice_languages_known", condition=Q(languages__in=["zh", "en", "zh en"])),
        ]


class Attachment(models.Model):
    """A file that goes with a notice: mailed, or opened on the notice's own page."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attachments")
    filename = models.CharField(max_length=120)
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    encrypted = models.BinaryField()


class Address(models.Model):
    """Where a channel reaches somebody, encrypted: a worker or a login. Telephone numbers stay in the registry."""

    KINDS = [("dingtalk", _("DingTalk user id")), ("wecom", _("WeCom user id")), ("mail", _("e-mail address"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=KINDS)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    encrypted = models.BinaryField()
    digest = models.BinaryField()
    changed_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="address_is_somebodys",
                condition=Q(worker__isnull=False, user__isnull=True) | Q(worker__isnull=True, user__isnull=False),
            ),
            models.UniqueConstraint(name="one_address_a_worker", fields=["worker", "kind"]),
            models.UniqueConstraint(name="one_address_a_login", fields=["user", "kind"]),
        ]


class Attempt(models.Model):
    """One call to a channel, for one delivery or for a batch. It is committed before the channel is asked.

    ``ref`` is what the channel calls it (a task's or a message's id); ``people`` are the deliveries that it was for.
    ``payload`` is a digest of what was sent: a channel drops a repetition only if it is the same to the letter.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="attempts")
    people = ArrayField(models.UUIDField())
    asked_at = models.BigIntegerField()
    answered_at = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=8, choices=OUTCOMES, default=ASKED)
    code = models.CharField(max_length=64, default="")
    words = models.CharField(max_length=200, default="")
    ref = models.CharField(max_length=128, default="")
    payload = models.BinaryField()
    looked_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["channel", "asked_at"], name="attempt_by_channel"),
            models.Index(fields=["channel"], name="attempt_without_answer", condition=Q(outcome="asked")),
        ]
        constraints = [
            models.CheckConstraint(
                name="attempt_answered_when_it_has_an_outcome",
                condition=Q(outcome=ASKED, answered_at__isnull=True) | ~Q(outcome=ASKED) & Q(answered_at__isnull=False),
            ),
        ]


class Delivery(models.Model):
    """One notice to one address by one channel: to a worker, to a login, or (neither) to a robot's group.

    ``unknown``: the channel was asked, and nobody knows whether it took it. Such a one is queued again only with the channel's
    own key against doing things twice, or by a person (``again``, ``again_by``, ``again_at``); the database holds to it.
    ``shares``: two people with one telephone and one text get one message; it is the other one's, and the database itself keeps
    this one's state the same. Where the text says something of each, ``address`` ends with whose it is, and each gets their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    address = models.BinaryField()
    shares = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    values_encrypted = models.BinaryField(null=True)
    state = models.CharField(max_length=12, choices=DELIVERY_STATES, default=QUEUED)
    due_at = models.BigIntegerField()
    tries = models.PositiveIntegerField(default=0)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="+")
    error = models.CharField(max_length=64, default="")
    sent_at = models.BigIntegerField(null=True)
    read_at = models.BigIntegerField(null=True)
    opened_at = models.BigIntegerField(null=True)
    again = models.CharField(max_length=8, default="", choices=[(BY_KEY, BY_KEY), (BY_PERSON, BY_PERSON)])
    again_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    again_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["channel", "due_at"], name="delivery_due", condition=Q(state="queued")),
            models.Index(fields=["notice", "state"], name="delivery_by_notice"),
            models.Index(fields=["state"], name="delivery_in_trouble", condition=Q(state__in=["unknown", "dead"])),
            models.Index(fields=["shares"], name="delivery_shared", condition=Q(shares__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_delivery_an_address",
                fields=["notice", "channel", "address"],
                condition=Q(shares__isnull=True),
            ),
            models.UniqueConstraint(name="one_delivery_a_worker", fields=["worker", "notice", "channel"]),
            models.UniqueConstraint(name="one_delivery_a_login", fields=["user", "notice", "channel"]),
            models.CheckConstraint(
                name="delivery_tried_before_it_is_sent",
                condition=Q(state__in=[QUEUED, DEAD, CANCELLED]) | Q(attempt__isnull=False),
            ),
            models.CheckConstraint(name="delivery_to_one", condition=Q(worker__isnull=True) | Q(user__isnull=True)),
            models.CheckConstraint(
                name="delivery_sent_when_it_was", condition=~Q(state=SENT) | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                name="delivery_again_by_somebody",
                condition=Q(again="", again_at__isnull=True)
                | Q(again=BY_KEY, again_at__isnull=False)
                | Q(again=BY_PERSON, again_at__isnull=False, again_by__isnull=False),
            ),
        ]


class Reminding(models.Model):
    """Whether Fugong reminds people of something by itself: off until the town switches it on."""

    name = models.CharField(primary_key=True, max_length=16)
    on = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.BigIntegerField()
