"""``fugong key``: the master key's rotation, and its copy on paper."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from django.utils.translation import gettext as _

from fugong.base import environment, keyring
from fugong.project.cli.errors import WrongInput, why
from fugong.project.cli.up import DATA, say

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
command = click.Group("key", help=_("The master key: renew it, keep a copy of it on paper."))


@click.command(
    help=_(
        "Encrypt everything anew under a new version of the master key. Stop the server first. Old versions stay in the key "
        "file until “fugong key forget”."
    )
)
@DATA
def rotate(data: str | None) -> None:
    from fugong.project import rotation
    from fugong.project.cli.said import refusing

    with refusing(environment.key_file()):
        try:
            values = rotation.total()
            with click.progressbar(length=values, label=_("Encrypting anew"), file=sys.stderr) as bar:
                version = rotation.rotate(bar.update)
        except rotation.RotationError as error:
            raise WrongInput(_refusal(error.code) % {"number": error.number}) from None
    say(_("%(values)s values are encrypted under version %(version)s of the master key.")
        % {"values": values, "version": version})  # fmt: skip
    say(_("Keep a copy of the key now (“fugong key backup”). Backups of the database made before need the old version: drop "
          "it with “fugong key forget” when the last of them is gone."))  # fmt: skip


@click.command(help=_("Drop old versions of the master key, which no value and no backup needs any more."))
@DATA
def forget(data: str | None) -> None:
    from fugong.project import rotation
    from fugong.project.cli.said import refusing

    with refusing(environment.key_file()):
        try:
            dropped = rotation.forget()
        except rotation.RotationError as error:
            raise WrongInput(_refusal(error.code) % {"number": error.number}) from None
    if dropped:
        say(_("Dropped: version %(versions)s.") % {"versions": ", ".join(map(str, dropped))})
    else:
        say(_("There is no old version of the master key."))


@click.command(help=_("Write the master key for printing into FILE. Keep it apart from the backups of the database."))
@FILE
@DATA
def backup(file: Path, data: str | None) -> None:
    if not os.environ.get("FUGONG_MASTER_KEY") and not environment.key_file().is_file():
        raise WrongInput(_("There is no master key in %(folder)s.") % {"folder": environment.data_folder()})
    keys = _present()
    head = _("Fugong: the master key. Whoever has this sheet and a backup can read every number in it.")
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(f"{head}\n\n{keyring.on_paper(keys)}")
    except FileExistsError:
        raise WrongInput(_("%(file)s is there already. Choose another name.") % {"file": file}) from None
    except OSError as error:
        raise WrongInput(_("Cannot write %(file)s (%(error)s).") % {"file": file, "error": why(error)}) from None
    say(_("The master key (%(number)s versions) is in %(file)s. Print it, keep it apart from the backups, delete the file.")
        % {"number": len(keys), "file": file})  # fmt: skip


@click.command(help=_("Take the master key from FILE, as “fugong key backup” wrote it (or typed in from paper)."))
@FILE
@DATA
def restore(file: Path, data: str | None) -> None:
    if os.environ.get("FUGONG_MASTER_KEY"):
        raise WrongInput(_refusal("elsewhere"))
    try:
        found = keyring.from_paper(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = why(error) if isinstance(error, OSError) else None
        raise WrongInput(
            _("Cannot read %(file)s (%(error)s).") % {"file": file, "error": reason or _("no text")}
        ) from None
    except keyring.KeyringError as error:
        if not error.line:
            raise WrongInput(_("There is no whole master key in %(file)s.") % {"file": file}) from None
        raise WrongInput(
            _("Line %(line)s of %(file)s is wrong: compare each character with the sheet.")
            % {"line": error.line, "file": file}
        ) from None
    present = _present() if environment.key_file().is_file() else {}
    if any(present.get(version, key) != key for version, key in found.items()):
        raise WrongInput(
            _("%(path)s holds another master key. Move it away first, if the one in %(file)s is the right one.")
            % {"path": environment.key_file(), "file": file}
        )
    keyring.write(environment.key_file(), {**present, **found})
    say(_("The master key (%(number)s versions) is in %(path)s.")
        % {"number": len({**present, **found}), "path": environment.key_file()})  # fmt: skip


def _present() -> dict[int, bytes]:
    try:
        return environment.master_keys()
    except ValueError:
        raise WrongInput(_("The master key is no key: 64 hexadecimal digits are needed.")) from None


def _refusal(code: str) -> str:
    return {
        "connected": _("The server or another command is still connected (%(number)s connections). Stop it, then try again."),
        "no_newer": _("FUGONG_MASTER_KEY holds no newer version. Add one in front, as %(number)s:<64 hexadecimal digits>, and "
                      "leave the old one there."),
        "last": _("No further version of the master key is possible."),
        "in_use": _("Some values are still encrypted under an old version. Run “fugong key rotate” first."),
        "elsewhere": _("FUGONG_MASTER_KEY says the master key. Change it there."),
    }[code]  # fmt: skip


for one in (rotate, forget, backup, restore):
    command.add_command(one)
