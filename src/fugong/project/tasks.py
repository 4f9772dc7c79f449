"""What the steward does, and how often: one line a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HOUR, DAY = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Task:
    """Something that must be done again and again, whether or not anybody visits a page.

    ``every`` is in seconds from start to start. ``run`` is told the present moment and returns what it counted (names
    and whole numbers, nobody's data). It runs in one transaction under the system's scope; with ``one_moment`` all that
    it reads is as of one moment.
    """

    name: str
    title: str | Promise
    every: int
    run: Callable[[int], Mapping[str, int]]
    one_moment: bool = False


def _purge_uploads(now: int) -> Mapping[str, int]:
    from fugong.registry.uploads.services import purge

    return {"lists": purge(now=now)}


def _verify_clearances(now: int) -> Mapping[str, int]:
    from fugong.clearance import verification

    return verification.verify_and_note(now)


def _waiting_acts(now: int) -> Mapping[str, int]:
    from fugong.clearance import acts

    return {"escalated": acts.escalate(now=now), "expired": acts.expire(now=now)}


def _end_sessions(now: int) -> Mapping[str, int]:
    from importlib import import_module

    from django.conf import settings

    from fugong.base.signin.services import forget_what_has_ended

    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_what_has_ended()
    return {}


def _escalate_requests(now: int) -> Mapping[str, int]:
    from fugong.redress.services import escalate

    return {"requests": escalate(now)}


def _escalate_problems(now: int) -> Mapping[str, int]:
    from fugong.teams.services.problems import escalate

    return {"problems": escalate(now)}


def _seal_audit(now: int) -> Mapping[str, int]:
    from fugong.audit.services import seal

    return {"entries": seal()}


def _send_head(now: int) -> Mapping[str, int]:
    from fugong.audit.outside import send

    return send()


def _verify_audit(now: int) -> Mapping[str, int]:
    from fugong.audit.verification import verify

    report = verify()
    return {"entries": report.entries, "findings": len(report.findings), "waiting": report.waiting}


def _missing_in_rounds(now: int) -> Mapping[str, int]:
    from fugong.premises.dormitories.rounds import note_missing

    return note_missing(now)


def _take_in_supplies(now: int) -> Mapping[str, int]:
    from fugong.premises.stock.taking_in import take_in

    return take_in(now)


def _send_notices(now: int) -> Mapping[str, int]:
    from fugong.notices.sending import work

    return work.run(now)


def _notice_receipts(now: int) -> Mapping[str, int]:
    from fugong.notices.sending import receipts

    return receipts.collect(now)


def _remind_register(now: int) -> Mapping[str, int]:
    from fugong.premises.reminders import remind

    return remind(now)


def _remind_tests(now: int) -> Mapping[str, int]:
    from fugong.sampling.reminders import remind

    return remind(now)


def _remind_buses(now: int) -> Mapping[str, int]:
    from fugong.journeys.trips.telling import remind

    return remind(now)


def _remind_lapsing(now: int) -> Mapping[str, int]:
    from fugong.clearance.reminders import remind

    return remind(now)


TASKS: tuple[Task, ...] = (
    Task("audit_seal", _("Seal the audit"), 2, _seal_audit),
    Task("audit_head", _("Send the head of the audit outside"), DAY, _send_head),
    Task("audit", _("Verify the audit"), DAY, _verify_audit),
    Task("uploads", _("Delete the content of uploaded lists after a day"), HOUR, _purge_uploads),
    Task("dormitory_rounds", _("Note who is missing in the rounds of dormitories"), 300, _missing_in_rounds),
    Task("supplies", _("Take what was handed out off the shelves"), 60, _take_in_supplies),
    Task("requests", _("Mark the requests of people whose clock has run out"), 60, _escalate_requests),
    Task("problems", _("Pass problems on to the town that are late"), 300, _escalate_problems),
    Task("sessions", _("Delete sessions that have run out"), DAY, _end_sessions),
    Task("acts", _("Pass on what nobody has decided in time"), 300, _waiting_acts),
    Task("notices", _("Send notices"), 2, _send_notices),
    Task("receipts", _("Ask who has read a notice"), 300, _notice_receipts),
    Task("remind_register", _("Remind of today's register"), 900, _remind_register),
    Task("remind_tests", _("Remind of tests that are due"), 900, _remind_tests),
    Task("remind_buses", _("Remind of tomorrow's buses"), 900, _remind_buses),
    Task("remind_lapsing", _("Remind of clearances that lapse tomorrow"), 900, _remind_lapsing),
    Task("clearances", _("Compare stored clearances with the ledger"), DAY, _verify_clearances, one_moment=True),
)
"""Every task; add a line here, and `fugong check`, the operator's page and the steward know it."""
