"""The system operator's page: how the installation is, and nobody's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from fugong.base import clock
from fugong.base.access import requires
from fugong.project import checks, steward
from fugong.project.checks import Finding
from fugong.project.models import TaskRun
from fugong.project.tasks import TASKS, Task

_STATES = {"ok": "ok", "warning": "soon", "error": "no"}
_WORDS = {"ok": _("ok"), "warning": _("warning"), "error": _("wrong")}
_FIGURES: Mapping[str, str | Promise] = {
    "lists": _("lists"), "workers": _("workers"), "differences": _("differences"), "entries": _("entries"),
    "findings": _("findings"), "waiting": _("waiting"), "mailed": _("mailed"), "posted": _("posted"),
    "requests": _("requests"), "escalated": _("passed on"), "expired": _("run out"),
}  # fmt: skip
"""What tasks count, in words; what is not here is not shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as the page shows it."""

    title: str | Promise
    state: str
    word: str | Promise
    finding: Finding


@dataclass(frozen=True, slots=True)
class Done:
    """A task with its last run, if it has run."""

    task: Task
    run: TaskRun | None
    state: str
    figures: list[tuple[str | Promise, int]]


@require_safe
@requires("operations.read")
def page(request: HttpRequest) -> HttpResponse:
    """What `fugong check` finds, the worst first, and the last run of every task."""
    titles = checks.titles()
    found = checks.examine(clock.now())
    worst = sorted(found, key=lambda finding: list(_STATES).index(finding.level), reverse=True)
    rows = [Row(titles[one.name], _STATES[one.level], _WORDS[one.level], one) for one in worst]
    runs = steward.last_runs() if not any(one.name == "tables" and one.level == "error" for one in found) else {}
    told = {
        "rows": rows,
        "errors": sum(one.level == "error" for one in found),
        "warnings": sum(one.level == "warning" for one in found),
        "tasks": [_done(task, runs.get(task.name)) for task in TASKS],
    }
    return render(request, "operations.html", told)


def _done(task: Task, run: TaskRun | None) -> Done:
    if run is None:
        return Done(task, None, "none", [])
    figures = [(_FIGURES[name], count) for name, count in run.figures.items() if name in _FIGURES]
    return Done(task, run, "no" if run.failures else "ok", figures)
