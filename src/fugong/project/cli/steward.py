"""``fugong steward``: what must be done again and again, beside a server that runs by itself."""

from __future__ import annotations

import os
import signal
from threading import Event, Thread
from types import FrameType

import click
from django.utils.translation import gettext as _

from fugong.project.cli.up import DATA


@click.command(help=_("Do what must be done again and again, until stopped. “fugong up” starts one by itself."))
@click.option("--once", is_flag=True, help=_("Do what is due now, once, and end (exit code 1 when a task failed)."))
@click.option("--until-closed", is_flag=True, hidden=True)
@DATA
@click.pass_context
def command(context: click.Context, once: bool, until_closed: bool, data: str | None) -> None:
    from fugong.project import steward
    from fugong.project.tasks import TASKS

    if once:
        runs, titles = steward.run_due(), {task.name: task.title for task in TASKS}
        for run in runs:
            click.echo(
                f"{titles[run.name]}: " + (_("failed (%(kind)s)") % {"kind": run.error} if run.error else _("done"))
            )
        if not runs:
            click.echo(_("No task is due."))
        context.exit(1 if any(run.error for run in runs) else 0)
    stop = Event()
    _listen(stop)
    if until_closed:
        Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
    else:
        click.echo(_("The steward is at work · stop with Ctrl+C"))
    try:
        steward.stand(stop=stop)
    except steward.StillBusyError:
        raise click.ClickException(
            _("The connection to the database was lost in the middle of a task. Start it again.")
        ) from None


def _listen(stop: Event) -> None:
    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, asked)


def _wait_for_end(stop: Event) -> None:
    """The server that started this process holds the other end: when it is gone, so are we."""
    while os.read(0, 4096):
        pass
    stop.set()
