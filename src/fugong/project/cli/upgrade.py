"""``fugong upgrade``: a backup, then tables, walls and pages of this version, then a check."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.project import keeping, serving
from fugong.project.cli.errors import WrongInput
from fugong.project.cli.said import refusing
from fugong.project.cli.up import DATA, say


@click.command(
    help=_(
        "Bring tables, walls and pages to this version, after a backup; then check (exit code 1 when something is wrong)."
    )
)
@click.option("--no-backup", is_flag=True, help=_("Without a backup first."))
@click.option(
    "--i-have-a-backup",
    "sure",
    is_flag=True,
    help=_("Confirms --no-backup: a failed upgrade cannot be undone without one."),
)
@DATA
@click.pass_context
def command(context: click.Context, no_backup: bool, sure: bool, data: str | None) -> None:
    if no_backup != sure:
        raise WrongInput(_("To upgrade without a backup, say it twice: --no-backup --i-have-a-backup."))
    with refusing(keeping.folder()):
        serving.demand_owner()
        if not no_backup:
            _save()
        say(_("Preparing the database …"))
        serving.migrate()
        say(_("Preparing pages …"))
        serving.collect_static()
    from fugong.project.cli.check import tell

    context.exit(tell(as_json=False))


def _save() -> None:
    """A backup of what is there; an empty database needs none."""
    from django.db import connections

    from fugong.project import backup

    with connections[serving.OWNER].cursor() as cursor:
        cursor.execute("SELECT to_regclass('ledger_fact') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
    say(_("Making a backup …"))
    made = backup.make(folder=keeping.folder(), now=clock.now_milliseconds() // 1_000, prune=False)
    say(str(made.path))
