"""``fugong protocol``: check a protocol pack, list the packs that come with Fugong, show one in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.core.protocol.pack import (
    PERMISSION_TITLES,
    Pack,
    PackError,
    RawField,
    RawKind,
    Text,
    against,
    load,
    schema,
    shipped,
)
from fugong.ledger.kinds import KINDS
from fugong.project.cli.errors import WrongInput


@click.group(help=_("Check, list and show protocol packs."))
def command() -> None:
    """The group; its commands are below."""


_as_json = click.option("--json", "machine", is_flag=True, help=_("Print JSON, for programs."))


@command.command(help=_("Check a pack (YAML file): its form, its formulas, and the facts that it reads."))
@click.argument("file", metavar=_("FILE"))
@_as_json
def check(file: str, machine: bool) -> None:
    """Exit code 2 and the place of the first thing that is wrong."""
    try:
        pack = load(_read(file), name=file)
        against(pack, raw_kinds())
    except PackError as error:
        _refuse(error, machine)
    if machine:
        _print_json({"ok": True, **summary(pack)})
        return
    click.echo(
        _("%(file)s: pack %(id)s, version %(version)s, can be used.")
        % {"file": file, "id": pack.id, "version": pack.version}
    )
    for permission, requirements in pack.permissions.items():
        click.echo(f"  {permission}: {', '.join(requirements)}")


@command.command("list", help=_("List the packs that come with Fugong."))
@_as_json
def list_(machine: bool) -> None:
    """One line a pack."""
    packs = [load(text, name=name) for name, text in shipped().items()]
    if machine:
        _print_json([summary(pack) for pack in packs])
        return
    width = max(len(pack.id) for pack in packs)
    for pack in packs:
        click.echo(f"{pack.id.ljust(width)}  {_in_force(pack)}  {_said(pack.title)}")


@command.command(help=_("Show a pack that comes with Fugong, or a file: its rules in words."))
@click.argument("pack_id", metavar=_("ID or FILE"))
@click.option("--yaml", "as_yaml", is_flag=True, help=_("Print the pack's own text."))
@_as_json
def show(pack_id: str, as_yaml: bool, machine: bool) -> None:
    """The rules in the user's language."""
    known = shipped()
    if pack_id not in known and not Path(pack_id).is_file():
        raise WrongInput(
            _("There is no pack “%(id)s”. These come with Fugong: %(known)s.")
            % {"id": pack_id, "known": ", ".join(sorted(known))}
        )
    text = known.get(pack_id) or _read(pack_id)
    if as_yaml:
        click.echo(text, nl=False)
        return
    try:
        pack = load(text, name=pack_id)
    except PackError as error:
        _refuse(error, machine)
    if machine:
        _print_json(summary(pack))
        return
    for line in _words(pack):
        click.echo(line)


@command.command("schema", help=_("Print the JSON Schema of packs, for editors that check YAML."))
def schema_() -> None:
    """The schema, indented."""
    _print_json(schema())


def raw_kinds() -> dict[str, RawKind]:
    """The ledger's fact kinds, as a pack is checked against them."""
    return {
        name: RawKind(kind.subject, kind.shape, {f.name: RawField(f.type, f.choices, f.refers_to) for f in kind.fields})
        for name, kind in KINDS.items()
        if kind.in_protocols
    }


def summary(pack: Pack) -> dict[str, Any]:
    """What a pack says, as plain data."""
    return {
        "id": pack.id,
        "version": pack.version,
        "title": asdict(pack.title),
        "issuer": asdict(pack.issuer),
        "in_force": {"from": pack.in_force[0], "to": pack.in_force[1]},
        "timezone": pack.timezone,
        "digest": pack.digest,
        "parameters": {name: {"value": p.value, "unit": p.unit} for name, p in pack.parameters.items()},
        "kinds": {name: asdict(title) for name, title in pack.kinds.items()},
        "requirements": {
            name: {
                "title": asdict(r.title),
                "binds": str(r.binds),
                "formula": str(r.formula),
                "on_the_spot": r.on_the_spot,
            }
            for name, r in pack.requirements.items()
        },
        "permissions": {name: list(needed) for name, needed in pack.permissions.items()},
        "colours": [colour.name for colour in pack.colours],
        "sources": [asdict(source) for source in pack.sources],
    }


def _words(pack: Pack) -> Iterator[str]:
    yield f"{_said(pack.title)} ({pack.id}, {pack.version})"
    yield f"{_said(pack.issuer)} · {_in_force(pack)} · {pack.timezone}"
    yield ""
    yield _("Parameters")
    for name, parameter in pack.parameters.items():
        yield f"  {_said(parameter.title)}: {parameter.value} {parameter.unit} (${name})"
    for permission, needed in pack.permissions.items():
        yield ""
        yield _("Needed for “%(permission)s”") % {"permission": _said(PERMISSION_TITLES[permission])}
        for name in needed:
            requirement = pack.requirements[name]
            spot = _(" (on the spot)") if requirement.on_the_spot else ""
            yield f"  {_said(requirement.title)}{spot}: {requirement.effective}"
    yield ""
    yield _("Sources")
    for source in pack.sources:
        yield f"  {source.title}" + (f" <{source.url}>" if source.url else "") + f" [{source.confidence}]"


def _language() -> str:
    return get_language() or "en"


def _said(text: Text) -> str:
    return text.text(_language())


def _in_force(pack: Pack) -> str:
    days = [
        "" if moment is None else datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(pack.timezone)).date()
        for moment in pack.in_force
    ]
    return f"{days[0]}–{days[1]}"


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise WrongInput(_("There is no file “%(file)s”.") % {"file": file}) from None
    except (OSError, UnicodeDecodeError):
        raise WrongInput(_("“%(file)s” cannot be read as UTF-8 text.") % {"file": file}) from None


def _refuse(error: PackError, machine: bool) -> NoReturn:
    if not machine:
        raise WrongInput(error.text(_language()))
    _print_json(
        {
            "ok": False,
            "error": {
                "code": error.code, "file": error.name, "line": error.line, "column": error.column,
                "message": error.text(_language()), "near": list(error.near),
            },
        }
    )  # fmt: skip
    sys.exit(WrongInput.exit_code)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
