"""``fugong report``: the daily report, as of any moment, as known at any moment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click
from django.db import DatabaseError
from django.utils.translation import gettext as _

from fugong.base import clock, local
from fugong.project.cli.errors import WrongInput
from fugong.project.cli.operating import as_operator
from fugong.project.cli.up import DATA

if TYPE_CHECKING:
    from fugong.reports.queries import Value


@click.command(help=_("The figures of the town, as of a moment, as known at a moment."))
@click.option("--as-of", "as_of", metavar="T", help=_("What was true at this moment (RFC 3339; default: now)."))
@click.option("--known-at", "known_at", metavar="T", help=_("As it was known at this moment (default: now)."))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help=_("For people or for programs."),
)  # fmt: skip
@DATA
@as_operator
def command(as_of: str | None, known_at: str | None, form: str, data: str | None) -> None:
    from fugong.reports import queries

    now = clock.now()
    moment = _moment("--as-of", as_of, now)
    knowledge = _moment("--known-at", known_at, now)
    try:
        if form == "json":
            report = queries.report(as_of=moment, known_at=knowledge)
            click.echo(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            values = queries.figures(as_of=moment, known_at=knowledge)
            click.echo("\n".join(_lines(values, moment, knowledge, queries.town_name())))
    except DatabaseError as error:
        raise WrongInput(_("The database cannot answer: %(error)s") % {"error": str(error).splitlines()[0]}) from None


def _moment(option: str, text: str | None, default: int) -> int:
    """A moment that an option gives. Raises WrongInput."""
    if text is None:
        return default
    try:
        return local.parse(text)
    except ValueError:
        raise WrongInput(
            _("%(option)s: “%(text)s” is no moment. Write it like 2020-03-09T18:00:00+08:00, or 2020-03-09 18:00.")
            % {"option": option, "text": text}
        ) from None


def _lines(values: Mapping[str, Value], as_of: int, known_at: int, town: str) -> Iterator[str]:
    from fugong.reports.queries import titles

    yield _("%(town)s, as of %(as_of)s, as known at %(known_at)s") % {
        "town": town or _("(no town yet)"), "as_of": local.rfc3339(as_of), "known_at": local.rfc3339(known_at),
    }  # fmt: skip
    named = titles(values)
    for key, value in values.items():
        yield f"  {named[key]}: {_shown(value)}"


def _shown(value: Value) -> str:
    """A count, or a rate with its numerator and denominator; and what goes with it."""
    extras = "".join(f" · {value.figure.extras[name][0]} {number:,}" for name, number in value.extras.items())
    if value.denominator is None:
        return f"{value.numerator:,}{extras}"
    rate = _("no rate") if value.rate is None else f"{value.rate:.2%}"
    return f"{value.numerator:,} / {value.denominator:,} = {rate}{extras}"
