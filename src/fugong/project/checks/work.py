"""Checks of what goes on: the steward and its tasks, stored clearances, encrypted numbers, the demo's logins."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fugong.base import environment, local, personal
from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.project import steward
from fugong.project.checks.findings import Finding
from fugong.project.models import TaskRun
from fugong.project.tasks import TASKS, Task
from fugong.registry.models import Document, Worker

_LATE = 3
"""A task is late when it has not succeeded for so many times as long as it waits between two runs …"""
_AT_LEAST = 180
"""… and for so many seconds."""
_SEALED_WITHIN, _SEALED_AT_LAST = 60, 3_600
"""An entry of the audit that waits longer for its seal, in seconds, is a warning, then an error."""


def steward_at_work(now: int) -> Iterator[Finding]:
    """Somebody holds the steward's post."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted "
            "AND ((classid::bigint << 32) | objid::bigint) = %s "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [steward.POST],
        )
        at_work = cursor.fetchone()[0]
    if at_work:
        yield Finding("steward", "ok", _("The steward is at work."))
    else:
        yield Finding(
            "steward", "warning", _("No steward is at work."),
            _("“fugong up” starts one with the server; on a server with units of its own, start “fugong steward”."),
        )  # fmt: skip


def tasks(now: int) -> Iterator[Finding]:
    """Every task went well lately."""
    runs = {run.name: run for run in TaskRun.objects.all()}
    wrong = [finding for task in TASKS if task.name in runs for finding in _task(task, runs[task.name], now)]
    if never := [str(task.title) for task in TASKS if task.name not in runs]:
        said = _("These tasks have not run yet: %(tasks)s.") % {"tasks": _("; ").join(never)}
        wrong.append(Finding("tasks", "warning", said, _("They run soon after the steward starts.")))
    yield from wrong
    if not wrong:
        yield Finding(
            "tasks", "ok", _("All %(count)s tasks went well when they were last due.") % {"count": len(TASKS)}
        )


def _task(task: Task, run: TaskRun, now: int) -> Iterator[Finding]:
    told = {
        "task": task.title, "count": run.failures, "kind": run.error,
        "since": _("never") if run.succeeded_at is None else local.rfc3339(run.succeeded_at),
    }  # fmt: skip
    if run.failures:
        yield Finding(
            "tasks", "error",
            ngettext(
                "“%(task)s” failed (%(kind)s); it last went well: %(since)s.",
                "“%(task)s” failed %(count)s times (%(kind)s); it last went well: %(since)s.", run.failures,
            ) % told,
            _("Look into the steward's log; it tries again by itself."),
        )  # fmt: skip
    elif now - run.finished_at > max(_LATE * task.every, _AT_LEAST):
        yield Finding(
            "tasks", "warning", _("“%(task)s” is late; it last went well: %(since)s.") % told,
            _("See that the steward is at work."),
        )  # fmt: skip


def clearances(now: int) -> Iterator[Finding]:
    """The last comparison of stored clearances with the ledger found no difference."""
    run = TaskRun.objects.filter(name="clearances", succeeded_at__isnull=False).first()
    if run is None:
        yield Finding(
            "clearances", "warning", _("Stored clearances have not been compared with the ledger yet."),
            _("The steward does it every day; “fugong clearance verify” does it now."),
        )  # fmt: skip
        return
    told = {"differences": run.figures.get("differences", 0), "workers": run.figures.get("workers", 0)}
    if told["differences"]:
        yield Finding(
            "clearances", "error",
            _("%(differences)s stored clearances of %(workers)s workers are not what the ledger gives.") % told,
            _("Run “fugong clearance verify”: it names them. Somebody or something has changed them."),
        )  # fmt: skip
    else:
        yield Finding(
            "clearances", "ok", _("The stored clearances of %(workers)s workers are what the ledger gives.") % told
        )


def audit(now: int) -> Iterator[Finding]:
    """The audit is sealed up to date, and its last verification found nothing."""
    run = TaskRun.objects.filter(name="audit", succeeded_at__isnull=False).first()
    findings = run.figures.get("findings", 0) if run else 0
    if findings:
        yield Finding(
            "audit", "error",
            ngettext(
                "The audit has been tampered with: %(count)s finding.",
                "The audit has been tampered with: %(count)s findings.", findings,
            ) % {"count": findings},
            _("Run “fugong audit verify”: it names each row. Compare with the heads that were sent outside."),
        )  # fmt: skip
    waiting, seconds = _unsealed()
    if seconds > _SEALED_WITHIN:
        yield Finding(
            "audit", "error" if seconds > _SEALED_AT_LAST else "warning",
            _("%(count)s entries of the audit wait for their seal, one of them for %(seconds)s seconds.")
            % {"count": waiting, "seconds": seconds},
            _("See that the steward is at work, and that no transaction of the database runs for hours."),
        )  # fmt: skip
    elif not findings:
        yield Finding("audit", "ok", _("The audit is sealed up to date."))


def _unsealed() -> tuple[int, int]:
    """How many entries have no seal yet, and for how many seconds the oldest of them has waited."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH last AS (SELECT server, horizon FROM audit_batch ORDER BY number DESC LIMIT 1) "
            "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(e.written_at)), 0)::bigint "
            "FROM audit_entry AS e WHERE e.server = coalesce((SELECT server FROM last), e.server) "
            "AND e.transaction >= coalesce((SELECT horizon FROM last), 0) "
            "AND NOT EXISTS (SELECT FROM audit_seal AS s WHERE s.entry_id = e.id)"
        )
        waiting, seconds = cursor.fetchone()
    return int(waiting), int(seconds)


def decryption(now: int) -> Iterator[Finding]:
    """The present master key reads what is stored."""
    stored = Document.objects.values_list("encrypted", flat=True).order_by("pk").first()
    if stored is None:
        stored = Worker.objects.filter(phone_encrypted__isnull=False).values_list("phone_encrypted", flat=True).first()
    if stored is None:
        yield Finding("decryption", "ok", _("No number is stored yet."))
        return
    try:
        personal.decrypt(bytes(stored))
    except (InvalidTag, ValueError):
        yield Finding(
            "decryption", "error", _("The master key does not fit: stored numbers cannot be read with it."),
            _("Bring back the key with which they were written, from its own backup."),
        )  # fmt: skip
    else:
        yield Finding("decryption", "ok", _("The master key reads what is stored."))


def demo_logins(now: int) -> Iterator[Finding]:
    """Outside a demo nobody can sign in with the demo's password."""
    from fugong.project.cli.demo import PASSWORD

    if environment.demo():
        yield Finding("demo_logins", "ok", _("This is a demo: its logins are meant."))
        return
    usable = User.objects.filter(username__in=list(ROLES), is_active=True)
    found = sorted(user.username for user in usable if user.check_password(PASSWORD))
    if found:
        yield Finding(
            "demo_logins", "error",
            _("Anybody can sign in with the demo's password as %(logins)s.") % {"logins": _(", ").join(found)},
            _("Close these logins on the page of logins, and look in the audit for what was done with them."),
        )  # fmt: skip
    else:
        yield Finding("demo_logins", "ok", _("The demo's logins are not here."))
