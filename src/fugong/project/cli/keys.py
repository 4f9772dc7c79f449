"""``fugong keys``: the keys by which passes and doors' snapshots are signed (the master key is ``fugong key``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from django.utils.translation import gettext as _

from fugong.project.cli.errors import WrongInput
from fugong.project.cli.operating import as_operator
from fugong.project.cli.up import DATA, say

if TYPE_CHECKING:
    from fugong.doors.keys import Listed

JSON = click.option("--json", "as_json", is_flag=True, help=_("Print for programs."))
ALGORITHM = click.option(
    "--algorithm", default="ES256", show_default=True, metavar=_("NAME"), help=_("How the key signs: ES256 or EdDSA.")
)
command = click.Group("keys", help=_("The keys that sign passes and what doors hold: list, renew and remove them."))


@click.command("list", help=_("List the signing keys, the newest first. Nothing secret is shown."))
@JSON
@DATA
@as_operator
def list_keys(as_json: bool, data: str | None) -> None:
    from fugong.base import clock
    from fugong.doors import keys

    found = keys.listed(now=clock.now())
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in found]))
        return
    if not found:
        say(_("There is no signing key yet. The first pass or snapshot makes one."))
    for one in found:
        say(_line(one))


@click.command(
    help=_("Make a new signing key and retire the present one, whose passes stay good. Devices at the doors learn the new "
           "key by themselves.")
)  # fmt: skip
@ALGORITHM
@JSON
@DATA
@as_operator
def rotate(algorithm: str, as_json: bool, data: str | None) -> None:
    from fugong.base import clock
    from fugong.doors import keys

    try:
        kid = keys.rotate(now=clock.now(), algorithm=algorithm)
    except keys.KeyStoreError as error:
        raise WrongInput(error.message) from None
    if as_json:
        click.echo(json.dumps({"kid": kid, "algorithm": algorithm}))
        return
    say(_("The signing key “%(kid)s” is in use. Passes of the one before it stay good until they expire or are revoked.")
        % {"kid": kid})  # fmt: skip


@click.command(
    help=_("Remove a retired signing key for good, as when it has leaked: every pass that it signed is void. It asks "
           "before it does so.")
)  # fmt: skip
@click.argument("kid", metavar=_("KEY"))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@JSON
@DATA
@as_operator
def remove(kid: str, yes: bool, as_json: bool, data: str | None) -> None:
    from fugong.base import clock
    from fugong.doors import keys

    now = clock.now()
    badges = next((one.badges for one in keys.listed(now=now) if one.kid == kid and one.retired_at is not None), None)
    if badges is not None and not yes and not _sure(kid, badges):
        raise WrongInput(_("Nothing was removed."))
    try:
        keys.remove(kid, now=now)
    except keys.KeyStoreError as error:
        raise WrongInput(error.message) from None
    if as_json:
        click.echo(json.dumps({"removed": kid, "badges": badges}))
        return
    say(_("The signing key “%(kid)s” is removed; %(badges)s printed badges are void. Print new ones for their owners.")
        % {"kid": kid, "badges": badges})  # fmt: skip


def _sure(kid: str, badges: int) -> bool:
    """Ask on standard error, so that what programs read stays clean; no answer is a no."""
    question = _("Remove the signing key “%(kid)s”? %(badges)s printed badges become void, and every device that knows no "
                 "newer key must be enrolled again.") % {"kid": kid, "badges": badges}  # fmt: skip
    try:
        return click.confirm(question, default=False, err=True)
    except click.Abort:
        click.echo(err=True)
        return False


def _as_json(one: Listed) -> dict[str, str | int | bool | None]:
    return {
        "kid": one.kid, "algorithm": one.algorithm, "created_at": one.created_at, "retired_at": one.retired_at,
        "verifies": one.verifies, "badges": one.badges,
    }  # fmt: skip


def _line(one: Listed) -> str:
    if one.retired_at is None:
        state = _("in use since %(day)s") % {"day": _day(one.created_at)}
    elif one.verifies:
        state = _("retired %(day)s; its passes are still good") % {"day": _day(one.retired_at)}
    else:
        state = _("retired %(day)s; no pass of it is good any more") % {"day": _day(one.retired_at)}
    return _("%(kid)s  %(algorithm)s  %(state)s  printed badges: %(badges)s") % {
        "kid": one.kid, "algorithm": one.algorithm, "state": state, "badges": one.badges,
    }  # fmt: skip


def _day(moment: int) -> str:
    from fugong.base import local

    return f"{local.to_datetime(moment):%Y-%m-%d}"


for one in (list_keys, rotate, remove):
    command.add_command(one)
