"""Reads of sampling: sites and their day, tubes and who is in them, what a pool's people were told since, uploads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fugong.base import local
from fugong.base.access import looked_at
from fugong.base.ids import uuid7_from
from fugong.base.models import User
from fugong.ledger.models import Fact
from fugong.ledger.queries import holding
from fugong.registry.models import Site, Upload
from fugong.sampling import labs
from fugong.sampling.models import Appointment, LabFile, LabRow, Order, SlotOffer, Tube, TubeMember
from fugong.sampling.services.booking import places_taken
from fugong.sampling.services.results import latest

KIND = "test"


def uploads_of(user: User) -> QuerySet[Upload]:
    """The lists of test results that somebody uploaded themselves, newest first; without their content."""
    return Upload.objects.defer("content").filter(kind=KIND, actor=user.pk).order_by("-created_at", "-pk")


def lab_uploads(user: User) -> QuerySet[Upload]:
    """Laboratories' files that somebody is looking at or has taken in, newest first; without their content."""
    return Upload.objects.defer("content").filter(kind=labs.KIND, actor=user.pk).order_by("-created_at", "-pk")


def sites(at: int) -> QuerySet[Site]:
    """The sites that serve for sampling at a moment, by name."""
    open_now = holding(at).filter(kind="site_open", values__purpose="sampling").values("subject_id")
    return Site.objects.filter(pk__in=open_now).order_by("name")


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot with how many of its places are taken, and how many of those people were sampled."""

    offer: SlotOffer
    taken: int
    sampled: int

    @property
    def free(self) -> int:
        """How many places are left."""
        return self.offer.places - self.taken


def day(site: UUID, at: int) -> list[Slot]:
    """A site's slots on the local day of a moment, in their order."""
    start = local.start_of_day(local.day_of(at))
    end = local.start_of_day(local.day_after(local.day_of(at)))
    return _slots(SlotOffer.objects.filter(site=site, start__gte=start, start__lt=end).order_by("start"))


def free_slots(since: int, until: int | None = None) -> list[Slot]:
    """Slots of every site that begin in that time and have a place left, in their order."""
    found = SlotOffer.objects.select_related("site").filter(start__gte=since).order_by("start", "site__name")
    if until is not None:
        found = found.filter(start__lt=until)
    return [one for one in _slots(found) if one.free > 0]


def _slots(offers: QuerySet[SlotOffer]) -> list[Slot]:
    rows = list(offers)
    taken = places_taken([one.pk for one in rows])
    sampled = dict(
        Appointment.objects.filter(slot__in=rows, order__state__in=(Order.SAMPLED, Order.RESULTED))
        .values_list("slot").annotate(number=Count("pk"))
    )  # fmt: skip
    return [Slot(one, len(taken.get(one.pk, ())), sampled.get(one.pk, 0)) for one in rows]


def expected(slots: Sequence[UUID]) -> list[Appointment]:
    """Who has an appointment in these slots, by name; noted as looked at."""
    found = list(
        Appointment.objects.filter(slot__in=slots).select_related("worker", "order", "slot")
        .order_by("slot__start", "worker__name", "pk")
    )  # fmt: skip
    looked_at(one.worker_id for one in found)
    return found


@dataclass(frozen=True, slots=True)
class Load:
    """A site at a glance: today's places and who came, tubes being filled and waiting for the laboratory."""

    site: Site
    places: int
    taken: int
    filling: int
    waiting: int


def loads(at: int) -> list[Load]:
    """Every sampling site today."""
    tubes = {
        site: (filling, waiting)
        for site, filling, waiting in Tube.objects.values_list("site").annotate(
            filling=Count("pk", filter=Q(state=Tube.OPEN)), waiting=Count("pk", filter=Q(state=Tube.CLOSED))
        )
    }
    found = []
    for site in sites(at):
        slots = day(site.pk, at)
        places, taken = sum(one.offer.places for one in slots), sum(one.taken for one in slots)
        found.append(Load(site, places, taken, *tubes.get(site.pk, (0, 0))))
    return found


def filling(site: UUID) -> QuerySet[Tube]:
    """The tubes of a site that are being filled, the newest first."""
    return (
        Tube.objects.filter(site=site, state=Tube.OPEN).annotate(number=Count("members")).order_by("-opened_at", "-pk")
    )


def tubes(state: str = "", barcode: str = "") -> QuerySet[Tube]:
    """Tubes in a state, or whose barcode holds a text; the newest first, with how many people are in each."""
    found = Tube.objects.select_related("site").annotate(number=Count("members", filter=Q(members__void=False)))
    if state == "held":
        found = found.filter(kind=Tube.POOL, state=Tube.RESULTED).exclude(result="negative")
    elif state:
        found = found.filter(state=state)
    if barcode:
        found = found.filter(barcode__icontains=barcode)
    return found.order_by("-opened_at", "-pk")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a tube: what their fact of it says today, and the order that the tube's result asked for, if any.

    ``fact`` is what stands in the place of this tube's; None without a result, or where it was taken back.
    """

    member: TubeMember
    fact: Fact | None
    follow_up: Order | None

    @property
    def put_right(self) -> bool:
        """Whether a later test stands in this one's place."""
        return self.fact is not None and self.fact.values.get("specimen") != self.member.tube.barcode

    @property
    def result(self) -> str:
        """What is known of them today: the code of a result, "" without one."""
        return "" if self.fact is None else str(self.fact.values["result"])


def members(tube: Tube) -> list[Member]:
    """Who is in a tube, in the order of the swabs; noted as looked at."""
    rows = list(
        TubeMember.objects.filter(tube=tube).select_related("worker", "order", "tube")
        .prefetch_related("worker__employments__enterprise").order_by("place")
    )  # fmt: skip
    looked_at(one.worker_id for one in rows)
    facts = latest([uuid7_from(one.pk, "result") for one in rows])
    asked: dict[UUID, Order] = {}
    for order in tube.follow_ups.order_by("created_at", "pk"):
        asked[order.worker_id] = order
    return [Member(one, facts.get(uuid7_from(one.pk, "result")), asked.get(one.worker_id)) for one in rows]


def orders_of(worker: UUID, most: int = 3) -> list[Order]:
    """Somebody's newest orders, with appointment and site."""
    return list(
        Order.objects.filter(worker=worker).exclude(state=Order.CANCELLED)
        .select_related("appointment__slot__site").order_by("-created_at", "-pk")[:most]
    )  # fmt: skip


def waiting(enterprise: UUID | None = None) -> QuerySet[Order]:
    """Orders that nobody was sampled for yet, the urgent ones first; of one enterprise's people, or of the scope."""
    found = Order.objects.filter(state__in=(Order.OPEN, Order.BOOKED)).select_related(
        "worker", "appointment__slot__site"
    )
    if enterprise is not None:
        found = found.filter(worker__employments__enterprise=enterprise, worker__employments__active=True)
    return found.order_by("-urgent", "deadline", "worker__name", "pk")


def refused(state: str = LabRow.OPEN) -> QuerySet[LabRow]:
    """Refused rows of laboratories' files, the newest file first."""
    found = LabRow.objects.defer("cells_encrypted").select_related("file", "tube", "settled_by")
    return found.filter(state=state).order_by("-file__taken_at", "file", "sheet", "row")


def files() -> QuerySet[LabFile]:
    """Laboratories' files that were taken in, the newest first, with how many of their rows wait for somebody."""
    left = Count("rows", filter=Q(rows__state=LabRow.OPEN))
    return LabFile.objects.annotate(left=left).order_by("-taken_at", "-pk")


def employers(workers: Sequence[UUID]) -> dict[UUID, str]:
    """Where people work, by the names of their enterprises."""
    from fugong.registry.models import Employment

    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Employment.objects.filter(worker__in=workers, active=True).values_list("worker", "enterprise__name")
    for worker, name in rows:
        found[worker].append(name)
    return {worker: "、".join(names) for worker, names in found.items()}
