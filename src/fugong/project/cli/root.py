"""The root of the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import NoReturn

import click
from django.utils.translation import gettext as _

from fugong import __version__
from fugong.base import environment
from fugong.base.logs import places
from fugong.project.cli import COMMANDS

_MODULES = {"import": "imports"}


class Lazy(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"fugong.project.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return _translated(command)


def _translated(command: click.Command) -> click.Command:
    """The placeholders of the usage line in the user's language, in subcommands too."""
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND …")
        for inner in command.commands.values():
            _translated(inner)
    return command


def nothing_there() -> NoReturn:
    """Say that no installation is in the folder, and how to name or make one; exit code 2."""
    click.echo(
        _("There is no Fugong in %(folder)s. Name its folder with --data (or FUGONG_DATA), or start one with “fugong up” "
          "or “fugong demo”.") % {"folder": environment.data_folder()}, err=True,
    )  # fmt: skip
    sys.exit(2)


def database_failed(reason: str) -> NoReturn:
    """Say that the embedded database did not start, and what to do; exit code 2."""
    click.echo(
        _("The embedded database did not start (%(reason)s). Look into the file “log” in its folder %(folder)s, check free "
          "disk space and permissions, or set DATABASE_URL to use another PostgreSQL.")
        % {"reason": reason, "folder": environment.data_folder() / "postgres"}, err=True,
    )  # fmt: skip
    sys.exit(2)


def _has_tables() -> bool:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('ledger_fact') IS NOT NULL")
            return bool(cursor.fetchone()[0])
    except DatabaseError as error:
        click.echo(
            _("The database cannot be reached (%(reason)s). Check DATABASE_URL, and that the server runs.")
            % {"reason": str(error).splitlines()[0]}, err=True,
        )  # fmt: skip
        sys.exit(2)


def run(*, needs_tables: bool) -> None:
    """Run the command line. Wrong input ends with one message and exit code 2."""
    root = Lazy(
        name="fugong",
        help=_("Fugong: hold an outbreak down and bring people back to work."),
        epilog=_("The database is the embedded one in --data (or FUGONG_DATA), or the one that DATABASE_URL names."),
    )
    _translated(root)
    root = click.version_option(__version__, "--version", prog_name="fugong", help=_("Show the version and exit."))(
        root
    )
    if needs_tables and not _has_tables():
        click.echo(_("The database is empty. Start it once with “fugong up” or “fugong demo”."), err=True)
        sys.exit(2)
    with without_values():
        root(prog_name="fugong")


@contextmanager
def without_values() -> Iterator[None]:
    """A failure on our side ends with one message and its places, exit code 2; its own words may hold a person's data."""
    try:
        yield
    except Exception as error:
        click.echo(
            _("Something went wrong on our side. This is where; please send it to whoever looks after Fugong:"),
            err=True,
        )
        click.echo(places(error), err=True)
        sys.exit(2)
