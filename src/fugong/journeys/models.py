"""Plans of journeys: places, vehicles, trips with their seats, who asks for one; and campaigns of surveys.

What happened (a survey, a seat that was promised, who got on, who arrived) is in the ledger; these rows are what may still
change, and what keeps the plan possible: see the constraints here and in ``migrations/0002``.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.registry.models import Enterprise, Site, Worker

BUS, PLANE, TRAIN = "bus", "charter_plane", "charter_train"
MODES = [(BUS, _("bus")), (PLANE, _("charter plane")), (TRAIN, _("charter train"))]
_MODES = [mode for mode, _title in MODES]
MOST_SEATS = 2_000
"""More rated seats than any vehicle has: a charter train has some 1,200."""


class Place(models.Model):
    """Where people get on or off: a name in a division, and where that is (WGS 84, degrees) for planning routes.

    ``site``: it is where that site lies, to which people are brought.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("place"), max_length=64)
    division = models.CharField(_("division"), max_length=12)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    site = models.OneToOneField(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="place")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="place_once_a_division", fields=["division", "name"]),
            models.CheckConstraint(
                name="place_on_the_globe",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Vehicle(models.Model):
    """A vehicle that a plan may use: how many rated seats in how many rows, and what it costs (in fen, a hundredth of a yuan)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plate = models.CharField(_("plate"), max_length=32, unique=True)
    carrier = models.CharField(_("carrier"), max_length=64, blank=True, default="")
    rated_seats = models.IntegerField(_("rated seats"))
    rows = models.IntegerField(_("rows of seats"))
    columns = models.IntegerField(_("seats a row"))
    sealed = models.BooleanField(_("sealed"), default=True)
    fixed_fen = models.BigIntegerField(default=0)
    fen_per_km = models.BigIntegerField(default=0)
    drivers = models.IntegerField(_("drivers"), default=2)
    start = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vehicle_has_seats",
                condition=Q(rated_seats__gte=1, rated_seats__lte=MOST_SEATS, rows__gte=1, columns__gte=1)
                & Q(rated_seats__lte=F("rows") * F("columns")),
            ),
            models.CheckConstraint(name="vehicle_costs_nothing_less", condition=Q(fixed_fen__gte=0, fen_per_km__gte=0)),
            models.CheckConstraint(name="vehicle_has_drivers", condition=Q(drivers__gte=1, drivers__lte=9)),
        ]

    def __str__(self) -> str:
        return self.plate


class Trip(models.Model):
    """An organised journey to a site: its vehicle, its seats, when it goes and comes, and how far it is.

    ``places`` is how many of the rated seats may be given away and ``last_row`` the last row in which, both by the pack's
    practice when the trip was made; the database refuses more. ``locked``: planning again leaves it as it is;
    ``by_planning``: planning made it.
    ``disinfected_at`` is when the vehicle had been disinfected on arrival (``PLUS_INF``: not yet); nobody is checked in before.
    """

    DRAFT, RELEASED, UNDER_WAY, ARRIVED, CANCELLED = "draft", "released", "under_way", "arrived", "cancelled"
    STATES = [
        (DRAFT, _("draft")),
        (RELEASED, pgettext_lazy("trip", "released")),
        (UNDER_WAY, _("under way")),
        (ARRIVED, _("has arrived")),
        (CANCELLED, _("cancelled")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("trip"), max_length=64, unique=True)
    mode = models.CharField(_("means of travel"), max_length=16, choices=MODES)
    carrier = models.CharField(_("carrier"), max_length=64, default="", blank=True)
    vehicle = models.CharField(_("plate or flight"), max_length=32, default="", blank=True)
    origin_division = models.CharField(_("from"), max_length=12)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    departs = models.BigIntegerField(_("departs"))
    arrives = models.BigIntegerField(_("arrives"))
    rated_seats = models.IntegerField(_("rated seats"))
    rows = models.IntegerField(_("rows of seats"))
    columns = models.IntegerField(_("seats a row"))
    places = models.IntegerField()
    last_row = models.IntegerField()
    sealed = models.BooleanField(_("sealed"), default=True)
    state = models.CharField(max_length=12, default=DRAFT, choices=STATES)
    locked = models.BooleanField(default=False)
    by_planning = models.BooleanField(default=False)
    cost_fen = models.BigIntegerField(default=0)
    subsidy_fen = models.BigIntegerField(default=0)
    words = models.CharField(_("note"), max_length=200, default="", blank=True)
    departed_at = models.BigIntegerField(null=True)
    arrived_at = models.BigIntegerField(null=True)
    disinfected_at = models.BigIntegerField(default=PLUS_INF)
    disinfection = models.UUIDField(null=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.BigIntegerField()
    released_at = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["departs"], name="trip_by_departure")]
        constraints = [
            models.CheckConstraint(name="trip_mode_known", condition=Q(mode__in=_MODES)),
            models.CheckConstraint(
                name="trip_state_known",
                condition=Q(state__in=["draft", "released", "under_way", "arrived", "cancelled"]),
            ),
            models.CheckConstraint(name="trip_arrives_later", condition=Q(arrives__gt=F("departs"))),
            models.CheckConstraint(
                name="trip_has_seats",
                condition=Q(rated_seats__gte=1, rated_seats__lte=MOST_SEATS, rows__gte=1, columns__gte=1)
                & Q(rated_seats__lte=F("rows") * F("columns")),
            ),
            models.CheckConstraint(
                name="trip_places_are_seats",
                condition=Q(places__gte=0, last_row__gte=0)
                & Q(places__lte=F("rated_seats"), last_row__lte=F("rows")),
            ),
            models.CheckConstraint(
                name="trip_money_is_no_debt", condition=Q(cost_fen__gte=0, subsidy_fen__gte=0)
            ),
            models.CheckConstraint(
                name="trip_disinfection_is_a_fact",
                condition=Q(disinfected_at=PLUS_INF, disinfection__isnull=True)
                | (Q(disinfected_at__lt=PLUS_INF) & Q(disinfection__isnull=False)),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def is_disinfected(self) -> bool:
        """Whether a disinfection is recorded."""
        return self.disinfection is not None


class TripStop(models.Model):
    """Where a trip takes people in on its way, in the order of ``number``, and when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="stops")
    number = models.IntegerField()
    name = models.CharField(_("stop"), max_length=64)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stop_number_once_a_trip", fields=["trip", "number"]),
            models.CheckConstraint(name="stop_number_counts", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Booking(models.Model):
    """A seat of a trip for a worker: planned, then taken; kept afterwards, so that it is known who sat beside whom.

    Who has a seat (``booked``, ``boarded``, ``arrived``) has a ``seat_row`` and ``seat_column`` (from 1) and one of the
    trip's places, numbered by ``place_number``. An ``extra`` came along without being on the manifest. What stands here
    of the trip itself (``departs`` to ``disinfected_at``) is kept equal to it by the database: its constraints read it.
    """

    BOOKED, BOARDED, ARRIVED, NO_SHOW, CANCELLED, EXTRA = (
        "booked",
        "boarded",
        "arrived",
        "no_show",
        "cancelled",
        "extra",
    )
    SEATED = (BOOKED, BOARDED, ARRIVED)
    STATES = [
        (BOOKED, _("booked")),
        (BOARDED, _("on board")),
        (ARRIVED, _("has arrived")),
        (NO_SHOW, _("did not come")),
        (CANCELLED, _("cancelled")),
        (EXTRA, _("not on the manifest")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="bookings")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    stop = models.ForeignKey(TripStop, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=12, default=BOOKED, choices=STATES)
    seat_row = models.IntegerField(null=True)
    seat_column = models.IntegerField(null=True)
    place_number = models.IntegerField(null=True)
    fact = models.UUIDField(null=True)
    boarded_at = models.BigIntegerField(null=True)
    checked_in_at = models.BigIntegerField(null=True)
    isolated_at = models.BigIntegerField(null=True)
    departs = models.BigIntegerField()
    arrives = models.BigIntegerField()
    places = models.IntegerField()
    last_row = models.IntegerField()
    columns = models.IntegerField()
    disinfected_at = models.BigIntegerField(default=PLUS_INF)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="booking_once_a_trip", fields=["trip", "worker"]),
            models.UniqueConstraint(
                name="booking_seat_once", fields=["trip", "seat_row", "seat_column"],
                condition=Q(state__in=["booked", "boarded", "arrived"]),
            ),
            models.UniqueConstraint(name="booking_place_once", fields=["trip", "place_number"]),
            models.CheckConstraint(
                name="booking_state_known",
                condition=Q(state__in=["booked", "boarded", "arrived", "no_show", "cancelled", "extra"]),
            ),
            models.CheckConstraint(
                name="booking_has_a_place",
                condition=(
                    Q(state__in=["booked", "boarded", "arrived"])
                    & Q(seat_row__gte=1, seat_column__gte=1, place_number__gte=1)
                    & Q(seat_row__isnull=False, seat_column__isnull=False, place_number__isnull=False)
                    & Q(seat_row__lte=F("last_row"), seat_column__lte=F("columns"), place_number__lte=F("places"))
                )
                | (Q(state__in=["no_show", "cancelled", "extra"]) & Q(place_number__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_checked_in_after_disinfection",
                condition=Q(checked_in_at__isnull=True) | Q(checked_in_at__gte=F("disinfected_at")),
            ),
            models.CheckConstraint(
                name="booking_arrives_checked_in",
                condition=~Q(state__in=["arrived", "extra"]) | Q(checked_in_at__isnull=False),
            ),
        ]  # fmt: skip

    @property
    def seat(self) -> str:
        """The seat as it stands on the vehicle: row, then letter."""
        return seat_name(self.seat_row, self.seat_column)


def seat_name(row: int | None, column: int | None) -> str:
    """A seat as it stands on the vehicle: ``3A``; nothing where there is none."""
    return "" if row is None or column is None else f"{row}{LETTERS[column - 1]}"


LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What the seats of a row are called; no I and no O, which look like digits."""


class SeatRequest(models.Model):
    """An enterprise asks for a seat for one of its people: from where, to which of its sites, on which day at the earliest."""

    OPEN, PLANNED, WITHDRAWN = "open", "planned", "withdrawn"
    STATES = [
        (OPEN, _("to be planned")),
        (PLANNED, pgettext_lazy("seat request", "planned")),
        (WITHDRAWN, _("withdrawn")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    state = models.CharField(max_length=12, default=OPEN, choices=STATES)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, null=True, related_name="requests")
    words = models.CharField(_("note"), max_length=200, default="", blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["state", "day"], name="request_by_day")]
        constraints = [
            models.UniqueConstraint(name="one_open_request_a_worker", fields=["worker"], condition=Q(state="open")),
            models.CheckConstraint(name="request_state_known", condition=Q(state__in=["open", "planned", "withdrawn"])),
            models.CheckConstraint(
                name="request_planned_on_a_trip",
                condition=Q(state="planned", trip__isnull=False) | (~Q(state="planned") & Q(trip__isnull=True)),
            ),
        ]


class HeadCount(models.Model):
    """How many were counted on board at a stop (None: before arrival), and how many there should have been."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="head_counts")
    stop = models.ForeignKey(TripStop, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    counted = models.IntegerField()
    expected = models.IntegerField()
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="head_count_counts", condition=Q(counted__gte=0, expected__gte=0)),
        ]


class Sighting(models.Model):
    """What a device said of somebody on a trip: that they got on, or were checked in; what it then knew and showed.

    ``state``: ``taken`` (it happened as the device says), ``noted`` (the device let them not), ``kept`` (the device let them,
    and it can't be stored as that: ``problem`` is the fault's code). ``odd`` says as what it is listed among what did not
    fit, until somebody has looked at it (``seen_words``). ``told_who`` was told of a confirmed fever.
    """

    BOARDING, CHECK_IN = "boarding", "checkin"
    TAKEN, NOTED, KEPT = "taken", "noted", "kept"
    EARLY, ASTRAY = "early", "astray"
    COLOURS = [("green", _("green")), ("amber", _("amber")), ("red", _("red"))]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    trip = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="sightings")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    at = models.BigIntegerField()
    door = models.UUIDField()
    device = models.UUIDField(null=True)
    colour = models.CharField(max_length=5, choices=COLOURS)
    reasons = models.JSONField(default=list)
    snapshot = models.BigIntegerField(null=True)
    celsius = models.FloatField(null=True)
    matched = models.BooleanField(null=True)
    extra = models.BooleanField(default=False)
    state = models.CharField(max_length=5)
    problem = models.CharField(max_length=40, default="")
    odd = models.CharField(max_length=6, default="")
    told_who = models.CharField(max_length=64, default="")
    told_words = models.CharField(max_length=200, default="")
    told_at = models.BigIntegerField(null=True)
    seen_words = models.CharField(_("in words"), max_length=200, default="")
    seen_at = models.BigIntegerField(null=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["at"], name="odd_sightings", condition=~Q(odd=""))]
        constraints = [
            models.CheckConstraint(name="sighting_kind_known", condition=Q(kind__in=["boarding", "checkin"])),
            models.CheckConstraint(name="sighting_state_known", condition=Q(state__in=["taken", "noted", "kept"])),
            models.CheckConstraint(name="sighting_odd_known", condition=Q(odd__in=["", "early", "astray"])),
            models.CheckConstraint(name="sighting_kept_is_odd", condition=~Q(state="kept") | ~Q(odd="")),
        ]


class Campaign(models.Model):
    """A round of surveying: of one enterprise's people or of the whole town's, from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(_("title"), max_length=64)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, null=True, related_name="+")
    opens = models.BigIntegerField()
    closes = models.BigIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="campaign_closes_later", condition=Q(closes__gt=F("opens")))]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """Somebody who hasn't answered a campaign, or is asked again because answers contradict (``code``), was reminded."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reminders")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32, default="", blank=True)
    at = models.BigIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
