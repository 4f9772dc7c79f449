"""``fugong import``: rosters and lists of facts from the files that people have."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from fugong.project.cli.errors import WrongInput, why
from fugong.project.cli.operating import as_operator

SHOWN = 20
"""So many errors are printed for people; ``--json`` and ``--errors`` have all."""

FILE = click.argument("file", type=click.Path(path_type=Path))
DRY_RUN = click.option("--dry-run", is_flag=True, help=_("Say what would happen, and change nothing."))
ERRORS = click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.xlsx",
    help=_("Write the same sheet with the cells in error marked."),
)  # fmt: skip
JSON = click.option("--json", "as_json", is_flag=True, help=_("Print for programs."))
DATA = click.option("--data", type=click.Path(file_okay=False), help=_("Folder of the embedded database."))


@click.group(help=_("Take in rosters and lists of facts (.xlsx, .xls, .csv): all rows that are right go in."))
def command() -> None:
    pass


@command.command(help=_("Take in the roster of an enterprise."))
@FILE
@click.option("--enterprise", required=True, metavar="CODE", help=_("The enterprise's unified social credit code."))
@DRY_RUN
@ERRORS
@JSON
@DATA
@click.pass_context
@as_operator
def workers(
    context: click.Context, file: Path, enterprise: str, dry_run: bool, errors: Path | None, as_json: bool,
    data: str | None,
) -> None:  # fmt: skip
    from fugong.registry.imports.lists import WORKERS

    _run(context, WORKERS, file, enterprise, dry_run, errors, as_json)


@command.command(
    short_help=_("Take in a list of facts."),
    help=_(
        "Take in a list of facts. KIND is test, register, arrival …: a wrong one is answered with all that there are."
    ),
)
@click.argument("kind", metavar="KIND")
@FILE
@click.option(
    "--enterprise", metavar="CODE",
    help=_("The enterprise that the list is about (needed where workers are named without document)."),
)  # fmt: skip
@DRY_RUN
@ERRORS
@JSON
@DATA
@click.pass_context
@as_operator
def facts(
    context: click.Context, kind: str, file: Path, enterprise: str | None, dry_run: bool, errors: Path | None,
    as_json: bool, data: str | None,
) -> None:  # fmt: skip
    from fugong.registry.imports.declaration import catalogue, find

    found = find(kind)
    if found is None:
        kinds = ", ".join(declaration.kind for declaration in catalogue())
        raise WrongInput(
            _("There is no kind of list “%(kind)s”. Choose one of: %(kinds)s.") % {"kind": kind, "kinds": kinds}
        )
    _run(context, found.kind, file, enterprise, dry_run, errors, as_json)


def _run(
    context: click.Context, kind: str, file: Path, code: str | None, dry_run: bool, errors: Path | None, as_json: bool
) -> None:
    from django.db import transaction

    from fugong.base import clock
    from fugong.base.tables import TableError, error_workbook, read
    from fugong.ledger.acts import Waits
    from fugong.registry.acts import take_in_list
    from fugong.registry.imports.lists import list_of

    one, now = list_of(kind), clock.now()
    assert one is not None
    enterprise = _enterprise(code) if code else None
    content = _content(file)
    if errors is not None:
        _refuse_unwritable(errors)
    try:
        with _waiting(_("Reading %(file)s") % {"file": file.name}):
            parsed = one.parse(read(content, file.name), now)
    except TableError as error:
        raise WrongInput(f"{file}: {error.message}") from None
    waits = None
    with _waiting(_("Taking in %(rows)s rows") % {"rows": parsed.total}), transaction.atomic():
        if not dry_run:
            outcome = take_in_list(
                kind=kind, enterprise=enterprise, content=content, filename=file.name, now=now, actor=None
            )  # fmt: skip
            waits = outcome if isinstance(outcome, Waits) else None
        if dry_run or isinstance(outcome, Waits):
            result = one.take_in(parsed=parsed, enterprise=enterprise, now=now, dry_run=True)
        else:
            result = outcome.result
    if errors is not None and (result.errors or result.warnings):
        with _waiting(_("Marking the cells")):
            _write(errors, error_workbook(content, file.name, result.errors, result.warnings))
    if as_json:
        click.echo(json.dumps({**result.as_json(), "waiting": str(waits.id) if waits else None}, ensure_ascii=False))
    else:
        click.echo(_waits(waits) if waits else _report(result, dry_run, errors))
    context.exit(1 if result.errors else 0)


def _waits(waits: Any) -> str:
    """That nothing was changed, and what happens next."""
    return _("Nothing was changed yet: this would take a permission from %(people)s people, so it waits for a second "
             "person. Approvers see it on their page “Waiting acts” (%(id)s).") % {
        "people": waits.people, "id": waits.id,
    }  # fmt: skip


def _enterprise(code: str) -> Any:
    from fugong.registry.models import Enterprise

    found = Enterprise.objects.filter(credit_code=code.strip().upper()).first()
    if found is None:
        raise WrongInput(
            _("No enterprise has the credit code “%(code)s”. Register the enterprise first.") % {"code": code}
        )
    return found


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongInput(_("Cannot read %(file)s (%(error)s).") % {"file": file, "error": why(error)}) from None


def _refuse_unwritable(file: Path) -> None:
    """Said before anything is taken in, not after it."""
    if not file.parent.is_dir():
        raise WrongInput(_("Cannot write %(file)s (%(error)s).") % {"file": file, "error": _("no such folder")})


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise WrongInput(_("Cannot write %(file)s (%(error)s).") % {"file": file, "error": why(error)}) from None


def _report(result: Any, dry_run: bool, errors: Path | None) -> str:
    lines = [
        _("%(rows)s rows: %(added)s added, %(updated)s updated, %(unchanged)s unchanged, %(skipped)s skipped,"
          " %(in_error)s in error") % {
            "rows": result.rows, "added": result.added, "updated": result.updated, "unchanged": result.unchanged,
            "skipped": len(result.skipped), "in_error": result.rows_in_error,
        }
    ]  # fmt: skip
    if dry_run:
        lines.append(_("Nothing was changed (--dry-run)."))
    lines += [
        _("%(sheet)s, row %(row)s, %(column)s: %(message)s")
        % {"sheet": f.sheet, "row": f.row, "column": f.column, "message": f.message}
        for f in (*result.errors, *result.warnings)[:SHOWN]
    ]
    more = len(result.errors) + len(result.warnings) - SHOWN
    if more > 0:
        lines.append(_("… and %(more)s more: --errors writes them into the sheet.") % {"more": more})
    if errors is not None and (result.errors or result.warnings):
        lines.append(_("The marked sheet is in %(file)s.") % {"file": errors})
    if result.missing:
        lines.append(
            _("%(count)s people who are employed here are not in the file; nobody was removed.")
            % {"count": len(result.missing)}
        )
    return "\n".join(lines)


@contextmanager
def _waiting(what: str, after: float = 2.0) -> Iterator[None]:
    """Say on the standard error what takes longer than two seconds, and how long it has taken."""
    begun, done = time.monotonic(), threading.Event()

    def tell() -> None:
        pause = after
        while not done.wait(pause):
            click.echo(f"{what} … {time.monotonic() - begun:.0f} s", err=True)
            pause = 5.0

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
