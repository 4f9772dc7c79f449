"""``fugong backup``: everything as of one moment in one file, without the master key."""

from __future__ import annotations

import json
from pathlib import Path

import click
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.project import keeping
from fugong.project.cli.errors import WrongInput
from fugong.project.cli.said import refusing
from fugong.project.cli.up import DATA


@click.command(
    help=_("Write a backup into the folder DIR (default: FUGONG_BACKUPS). The master key has a backup of its own.")
)
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(file_okay=True))
@click.option("--prune", is_flag=True, help=_("Then delete backups that are older than FUGONG_BACKUP_MAX_AGE_DAYS."))
@click.option("--json", "as_json", is_flag=True, help=_("Print for programs."))
@DATA
def command(folder: str | None, prune: bool, as_json: bool, data: str | None) -> None:
    from fugong.project import backup

    where = Path(folder).expanduser() if folder else keeping.folder()
    if (where / "master.key").exists():
        raise WrongInput(
            _("The master key lies in “%(folder)s”. A backup must not lie beside it: name another folder.")
            % {"folder": where}
        )
    with refusing(where):
        made = backup.make(folder=where, now=clock.now_milliseconds() // 1_000, prune=prune)
    told = {
        "path": made.path, "rows": f"{made.manifest.rows:,}", "tables": len(made.manifest.tables),
        "size": f"{made.path.stat().st_size / 2**20:,.1f}",
    }  # fmt: skip
    if as_json:
        answer = {
            "path": str(made.path), "bytes": made.path.stat().st_size, "rows": made.manifest.rows,
            "moment": made.manifest.moment, "deleted": [str(path) for path in made.deleted],
        }  # fmt: skip
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(_("%(path)s: %(rows)s rows of %(tables)s tables, %(size)s MiB.") % told)
    for path in made.deleted:
        click.echo(_("Deleted, because it was too old: %(path)s") % {"path": path})
    click.echo(
        _(
            "The master key is not in it. Without the key, nobody's number can be read again: keep its own backup elsewhere."
        )
    )
