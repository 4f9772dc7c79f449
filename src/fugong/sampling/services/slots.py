"""Offering slots at a sampling site, and taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from fugong.ledger.queries import holding
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import Appointment, SlotOffer

MOST_SLOTS = 400
"""So many slots are offered at once at most."""
MOST_PLACES = 500
"""So many places a slot has at most."""


def require_site(site: UUID, at: int) -> None:
    """The site must serve for sampling at that moment. Raises SamplingError."""
    if not holding(at).filter(subject_id=site, kind="site_open", values__purpose="sampling").exists():
        raise SamplingError("sampling.no_site", field="site")


@transaction.atomic
def offer(*, site: UUID, starts: Sequence[int], minutes: int, places: int) -> list[SlotOffer]:
    """Offer slots that begin at these moments; one that is there already stays as it is. Returns the new ones.

    Raises SamplingError where the site doesn't serve for sampling then.
    """
    if not 1 <= places <= MOST_PLACES:
        raise SamplingError("slot.places", field="places", most=MOST_PLACES)
    if not 1 <= len(starts) <= MOST_SLOTS:
        raise SamplingError("slot.too_many", field="minutes", number=len(starts), most=MOST_SLOTS)
    for moment in (min(starts), max(starts)):
        require_site(site, moment)
    made = [SlotOffer(site_id=site, start=start, minutes=minutes, places=places) for start in starts]
    SlotOffer.objects.bulk_create(made, ignore_conflicts=True)
    return list(SlotOffer.objects.filter(pk__in=[one.pk for one in made]).order_by("start"))


@transaction.atomic
def offer_day(*, site: UUID, first: int, last: int, minutes: int, places: int) -> list[SlotOffer]:
    """Offer slots one after the other, from ``first`` until the last one has ended at ``last``. Raises SamplingError."""
    if not first < last <= first + 86_400 or minutes < 1:
        raise SamplingError("slot.wrong_times", field="last")
    return offer(site=site, starts=range(first, last - minutes * 60 + 1, minutes * 60), minutes=minutes, places=places)


@transaction.atomic
def set_places(*, slot: UUID, places: int) -> None:
    """More or fewer places; not fewer than are taken (the database refuses it). Raises SamplingError."""
    if not 1 <= places <= MOST_PLACES:
        raise SamplingError("slot.places", field="places", most=MOST_PLACES)
    try:
        with transaction.atomic():
            SlotOffer.objects.filter(pk=slot).update(places=places)
    except IntegrityError:
        raise _taken(slot) from None


@transaction.atomic
def withdraw(*, slot: UUID) -> None:
    """Offer a slot no more; not while somebody has an appointment in it. Raises SamplingError."""
    try:
        with transaction.atomic():
            SlotOffer.objects.filter(pk=slot).delete()
    except (ProtectedError, IntegrityError):
        raise _taken(slot) from None


def _taken(slot: UUID) -> SamplingError:
    return SamplingError("slot.taken", field="places", booked=Appointment.objects.filter(slot=slot).count())
