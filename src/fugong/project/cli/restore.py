"""``fugong restore``: a backup into an empty database, with the proof that it is all there."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from fugong.project import archive
from fugong.project.cli.said import refusing
from fugong.project.cli.up import DATA


@click.command(
    help=_(
        "Bring the backup FILE back into an empty database: a new folder (--data), or DATABASE_URL and FUGONG_OWNER_URL."
    )
)
@click.argument("file", metavar=_("FILE"))
@DATA
@click.pass_context
def command(context: click.Context, file: str, data: str | None) -> None:
    from fugong.project import restore

    path = Path(file).expanduser()
    with refusing(path):
        with archive.reading(path) as backup:
            total = backup.manifest.rows
        with click.progressbar(length=2 * total, label=_("Restoring"), file=sys.stderr) as bar:
            restored = restore.restore(path=path, progress=lambda _what, rows: bar.update(rows))
    told = {
        "rows": f"{restored.manifest.rows:,}", "tables": len(restored.manifest.tables), "moment": restored.manifest.moment,
        "workers": f"{restored.workers:,}", "differences": restored.differences, "findings": restored.findings,
    }  # fmt: skip
    click.echo(_("%(rows)s rows of %(tables)s tables are back, as of %(moment)s: as many as were saved.") % told)
    click.echo(_("The master key reads what is stored.") if restored.decrypted else _("No number is stored yet."))
    click.echo(_("%(workers)s workers verified, %(differences)s differences") % told)
    click.echo(_("The chain of the audit was verified: %(findings)s findings") % told)
    click.echo(_("Everybody has to sign in again. Now run “fugong check”."))
    context.exit(1 if restored.differences or restored.findings else 0)
