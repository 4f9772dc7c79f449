"""The reminder of a test that is due before the next shift."""

from __future__ import annotations

from collections.abc import Mapping

from fugong.base import local
from fugong.clearance.overview import next_shift
from fugong.notices.services.queueing import queue
from fugong.notices.services.setup import is_on
from fugong.notices.variables import moment_said
from fugong.sampling.due import due
from fugong.sampling.models import Appointment

NOT_BOOKED = {"when": "尚未预约", "where": "请联系所在企业"}
"""What is said instead of an appointment to whoever has none."""


def remind(now: int) -> Mapping[str, int]:
    """Tell whoever is here and needs a test, with their appointment, once a day each, where the town wants it."""
    if not is_on("test_due"):
        return {}
    people = [one for one in due(now, next_shift(now)) if one.here]
    orders = [one.order_id for one in people if one.order_id]
    booked = {
        one.worker_id: {"when": moment_said(one.slot.start), "where": one.slot.site.name}
        for one in Appointment.objects.filter(order__in=orders).select_related("slot__site")
    }
    each = {one.worker: booked.get(one.worker, NOT_BOOKED) for one in people}
    if each:
        day = local.day_of(now)
        queue(template="test_due", workers=list(each), each=each, once=f"test_due:{day}", actor=None, now=now)
    return {"people": len(each)}
