"""``fugong notices``: sending what is queued, once, beside or in place of the steward."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from fugong.project.cli.up import DATA

_AN_HOUR = 3_600


@click.group(help=_("Notices: send what is queued."))
def command() -> None:
    pass


@command.command(help=_("Send what is due, until nothing is or the time is over. The steward does it by itself."))
@click.option(
    "--seconds", type=click.IntRange(1, 86_400), default=_AN_HOUR, show_default=True, help=_("Work at most so long.")
)
@DATA
def send(seconds: int, data: str | None) -> None:
    from fugong.base import access, clock
    from fugong.notices.sending.work import work

    with access.acting(access.as_system("fugong notices send")):
        done = work(budget=seconds, started=clock.now(), patient=True)
    click.echo(
        _("Sent to %(sent)s, to be tried again %(later)s, not delivered %(dead)s, unknown %(unknown)s.")
        % {name: done[name] for name in ("sent", "later", "dead", "unknown")}
    )
