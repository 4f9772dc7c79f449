"""``fugong check``: whether the installation is ready and well."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from django.utils.translation import gettext as _

from fugong import __version__
from fugong.base import clock, local
from fugong.project.cli.up import DATA


@click.command(
    help=_("Check the installation: database, walls, keys, backups, tasks (exit code 1 when something is wrong).")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print for programs."))
@DATA
@click.pass_context
def command(context: click.Context, as_json: bool, data: str | None) -> None:
    context.exit(tell(as_json=as_json))


def tell(*, as_json: bool) -> int:
    """Make every check and say what was found; returns the exit code."""
    from fugong.project import checks

    now = clock.now()
    findings = checks.examine(now)
    wrong = sum(finding.level == "error" for finding in findings)
    if as_json:
        told = {
            "version": __version__, "moment": local.rfc3339(now), "ok": not wrong,
            "findings": [asdict(finding) for finding in findings],
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        marks, titles = {"ok": _("ok"), "warning": _("warning"), "error": _("ERROR")}, checks.titles()
        for finding in findings:
            click.echo(f"{marks[finding.level]} · {titles[finding.name]}: {finding.said}")
            if finding.do:
                click.echo(f"    → {finding.do}")
        warned = sum(finding.level == "warning" for finding in findings)
        click.echo(_("%(errors)s errors, %(warnings)s warnings") % {"errors": wrong, "warnings": warned})
    return 1 if wrong else 0
