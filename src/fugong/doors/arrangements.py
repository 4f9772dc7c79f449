"""Where at a site somebody waits who must not go in, and whom the guard calls: what a door says of a confirmed fever."""

from __future__ import annotations

from django.db import transaction

from fugong.doors.models import Arrangement
from fugong.registry.models import Site


def of(site: Site) -> dict[str, str]:
    """The arrangement of a site; empty words where there is none."""
    found = Arrangement.objects.filter(site=site).first() or Arrangement()
    return {"place": found.place, "call": found.call, "phone": found.phone}


@transaction.atomic
def arrange(*, site: Site, place: str, call: str, phone: str) -> None:
    """Say it anew. Devices know it from their next snapshot on."""
    Arrangement.objects.update_or_create(site=site, defaults={"place": place, "call": call, "phone": phone})
