"""``fugong serve``: the pages alone, for a server on which upgrades and the steward have units of their own."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from fugong.project import serving
from fugong.project.cli.up import DATA, HOST, PORT, refuse_taken_port


@click.command(
    help=_("Serve the pages and nothing else: “fugong upgrade” prepares the tables, “fugong steward” the rest.")
)
@DATA
@HOST
@PORT
def command(data: str | None, host: str, port: int) -> None:
    refuse_taken_port(host, port)
    serving.serve(host=host, port=port, steward=False)
