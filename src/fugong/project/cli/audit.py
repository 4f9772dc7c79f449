"""``fugong audit``: seal the audit's entries, verify the chain, print its head."""

from __future__ import annotations

import json
import re
import sys
import time

import click
from django.utils.translation import gettext as _

from fugong.project.cli.errors import WrongInput
from fugong.project.cli.up import DATA

EVERY = 2.0  # seconds
_HEAD = re.compile(r"(\d{1,18}):([0-9a-fA-F]{64})")

command = click.Group("audit", help=_("The audit: who wrote and read whose data."))


@click.command(help=_("Seal what was committed, every two seconds until it is stopped (fugong up does so by itself)."))
@click.option("--once", is_flag=True, help=_("Seal once, say how many entries, and end."))
@DATA
def seal(once: bool, data: str | None) -> None:
    while True:
        sealed = _seal()
        if once:
            click.echo(_("%(count)s entries sealed") % {"count": sealed})
            return
        time.sleep(EVERY)


def _seal() -> int:
    from fugong.audit import services
    from fugong.base import access

    with access.acting(access.as_system("audit seal")):
        return services.seal()


@click.command(help=_("Print the head of the chain, NUMBER:HASH: keep it somewhere else, and give it to “verify”."))
@DATA
def head(data: str | None) -> None:
    from fugong.audit import services
    from fugong.base import access

    with access.acting(access.as_system("audit head")):
        found = services.head()
    if found is None:
        raise WrongInput(_("Nothing is sealed yet. Run “fugong audit seal --once”."))
    click.echo(str(found))


@click.command(
    help=_("Verify the chain and name every row that was changed, removed, swapped or dated back (exit code 1).")
)
@click.option(
    "--head", "heads", metavar="NUMBER:HASH", multiple=True,
    help=_("A head that was sent outside; may be given several times."),
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help=_("Print for programs."))
@DATA
@click.pass_context
def verify(context: click.Context, heads: tuple[str, ...], as_json: bool, data: str | None) -> None:
    from fugong.audit import verification
    from fugong.base import access

    outside = [_outside(text) for text in heads]
    with access.acting(access.as_system("audit verify")):
        total = verification.count()
        with click.progressbar(length=total, label=_("Verifying"), file=sys.stderr) as bar:
            report = verification.verify(outside, lambda done, _total: bar.update(min(done, total) - bar.pos))
    if as_json:
        found = [{"code": one.code, **one.params} for one in report.findings]
        told = {"entries": report.entries, "batches": report.batches, "waiting": report.waiting, "findings": found}
        click.echo(json.dumps(told))
    else:
        for finding in report.findings:
            click.echo(finding.message)
        counted = {"entries": report.entries, "waiting": report.waiting, "findings": len(report.findings)}
        click.echo(_("%(entries)s entries verified, %(waiting)s wait for their seal, %(findings)s findings") % counted)
        if not outside:
            click.echo(
                _("Without a head from outside (--head), the removal of the newest rows and a chain that was rewritten "
                  "as a whole cannot be seen."), err=True,
            )  # fmt: skip
    context.exit(1 if report.findings else 0)


def _outside(text: str) -> tuple[int, bytes]:
    """A head as it was printed. Raises WrongInput."""
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise WrongInput(
            _("--head: “%(text)s” is no head. Write it as “fugong audit head” prints it: a number, a colon and 64 "
              "hexadecimal digits.") % {"text": text}
        )  # fmt: skip
    return int(found[1]), bytes.fromhex(found[2])


for one in (seal, head, verify):
    command.add_command(one)
