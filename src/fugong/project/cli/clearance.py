"""``fugong clearance verify``: stored clearances against the ledger."""

from __future__ import annotations

import json
import sys

import click
from django.utils.translation import gettext as _

from fugong.project.cli.operating import origin

command = click.Group("clearance", help=_("Stored clearances."))


@click.command(help=_("Recompute every stored clearance from the ledger and name each difference (exit code 1)."))
@click.option("--json", "as_json", is_flag=True, help=_("Print for programs."))
@click.option("--data", type=click.Path(file_okay=False), help=_("Folder of the embedded database."))
@click.pass_context
def verify(context: click.Context, as_json: bool, data: str | None) -> None:
    from fugong.base import access
    from fugong.clearance import verification

    with access.acting(access.as_system("clearance verify", origin=origin())):
        total = verification.count()
    with click.progressbar(length=total, label=_("Verifying"), file=sys.stderr) as bar:
        done = 0

        def progress(now_done: int, _total: int) -> None:
            nonlocal done
            bar.update(now_done - done)
            done = now_done

        differences = list(verification.verify(progress))
    if as_json:
        rows = [
            {
                "worker": str(d.worker),
                "permission": d.permission,
                "stored": d.stored,
                "computed": d.computed,
                "same_steps": d.same_steps,
            }
            for d in differences
        ]
        click.echo(json.dumps({"workers": total, "differences": rows}))
    else:
        for d in differences:
            told = {"worker": d.worker, "permission": d.permission, "stored": d.stored, "computed": d.computed}
            if d.stored == d.computed:
                click.echo(_("%(worker)s · %(permission)s: what doors read differs from the ledger") % told)
            else:
                click.echo(_("%(worker)s · %(permission)s: stored %(stored)s, by the ledger %(computed)s") % told)
        counted = {"workers": total, "differences": len(differences)}
        click.echo(_("%(workers)s workers verified, %(differences)s differences") % counted)
    context.exit(1 if differences else 0)


command.add_command(verify)
