"""Vehicles, trips, their stops, and where people get on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.registry.models import Site

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
