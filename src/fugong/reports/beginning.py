"""The first steps of a new town: what is still missing before the first worker can be cleared."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fugong.clearance.models import Adoption
from fugong.ledger.models import Fact
from fugong.registry.models import Door, Enterprise, Worker


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it is done, what it is, the page on which to do it, and whether a town can go without it."""

    done: bool
    title: str | Promise
    address: str
    optional: bool = False


def steps() -> list[Step]:
    """The steps in their order; empty once all of them are done that are not optional."""
    first = Enterprise.objects.order_by("pk").first()
    doors = reverse("registry:sites", args=[first.pk]) if first else reverse("registry:enterprises")
    levels = reverse("uploads:new", args=["risk_level"])
    roster = reverse("uploads:roster", args=[first.pk]) if first else reverse("uploads:lists")
    found = [
        Step(first is not None, _("Register an enterprise"), reverse("registry:new_enterprise")),
        Step(Door.objects.exists(), _("Give it a site and a door"), doors),
        Step(Adoption.objects.exists(), _("Bring a protocol into force"), reverse("clearance:protocols")),
        Step(Worker.objects.exists(), _("Upload its roster"), roster),
        Step(_any("resumption"), _("Upload which enterprises have resumed"), reverse("uploads:lists")),
        Step(_any("risk_level"), _("Upload risk levels of divisions (optional)"), levels, optional=True),
        Step(_any("survey"), _("Upload the survey; tests and arrivals follow"), reverse("uploads:lists")),
    ]
    return [] if all(step.done or step.optional for step in found) else found


def _any(kind: str) -> bool:
    return Fact.objects.filter(kind=kind).exists()
