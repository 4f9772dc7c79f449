"""``fugong up``: an empty town, ready for real use."""

from __future__ import annotations

import socket

import click
from django.utils.translation import gettext as _

from fugong.project import serving
from fugong.project.cli.errors import WrongInput, why

DATA = click.option("--data", type=click.Path(file_okay=False), help=_("Folder for the database, keys and uploads."))
HOST = click.option("--host", default="127.0.0.1", show_default=True, help=_("Address to listen at."))
PORT = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=_("Port."))
PREPARE = click.option("--prepare-only", is_flag=True, help=_("Get everything ready, but do not serve."))


def say(text: str) -> None:
    """One line for people."""
    click.echo(text)


def prepare() -> None:
    """Tables and static files."""
    say(_("Preparing the database …"))
    try:
        serving.migrate()
    except serving.NoOwnerError:
        raise WrongInput(
            _(
                "DATABASE_URL names the login that serves; it cannot change tables. Name the owner's in FUGONG_OWNER_URL too."
            )
        ) from None
    say(_("Preparing pages …"))
    serving.collect_static()


def refuse_taken_port(host: str, port: int) -> None:
    """A port in use is said before the long steps, not after them. Raises WrongInput."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WrongInput(
                _("Cannot listen at %(host)s:%(port)s (%(error)s). Choose another with --port.")
                % {"host": host, "port": port, "error": why(error)}
            ) from None


@click.command(help=_("Start Fugong for a town of your own: database, tables, first administrator, web pages."))
@DATA
@HOST
@PORT
@PREPARE
def command(data: str | None, host: str, port: int, prepare_only: bool) -> None:
    if not prepare_only:
        refuse_taken_port(host, port)
    prepare()
    administrator = serving.first_administrator()
    if administrator:
        say(_("First administrator: %(name)s · password: %(password)s (shown only now: write it down)")
            % {"name": administrator[0], "password": administrator[1]})  # fmt: skip
    if not prepare_only:
        ready = _("Fugong is ready at %(address)s · stop with Ctrl+C") % {"address": f"http://{host}:{port}/"}
        say(_("Starting the server …"))
        serving.serve(host=host, port=port, ready=lambda: say(ready))
