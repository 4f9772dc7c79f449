"""``fugong evaluate``: a formula, or a pack's permission, over facts from a file; one line a subject."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

import click
import numpy as np
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.core.protocol import VOCABULARY, Formula, evaluate, kinds_of, nearest, parse
from fugong.core.text import CoreError
from fugong.core.time import MINUS_INF, PLUS_INF, IntervalSet, empty, from_intervals, intersection, to_intervals, union
from fugong.project.cli.errors import WrongInput

if TYPE_CHECKING:
    from fugong.project.cli import facts_file


@click.command(
    help=_(
        "Evaluate a formula over facts.\n\n"
        'FACTS holds one JSON object a line: {"subject", "kind", "at"} or {"subject", "kind", "from", "to"}, '
        "in whole seconds since 1970 or RFC 3339. For each subject, in the order of first appearance, one line tells "
        "the intervals [start, end) in which the formula holds, in seconds since 1970, null where unbounded."
    )
)
@click.option("--formula", help=_("The formula, such as “once[0,48h] test.negative”."))
@click.option("--protocol", help=_("A protocol pack (YAML file), in place of --formula."), metavar=_("FILE"))
@click.option("--permission", help=_("The permission of the pack to evaluate."), metavar=_("NAME"))
@click.option("--facts", required=True, help=_("The file of facts; “-” is standard input."), metavar=_("FILE"))
@click.option("--from", "since", help=_("Clip the answer: nothing before this moment."), metavar=_("T"))
@click.option("--to", "until", help=_("Clip the answer: nothing from this moment on."), metavar=_("T"))
def command(
    formula: str | None, protocol: str | None, permission: str | None, facts: str, since: str | None, until: str | None
) -> None:
    """Read everything first, so that a wrong line leaves no half answer."""
    from fugong.project.cli import facts_file  # compiled: other commands, and the list of them, do without

    start, end = _moment("--from", since), _moment("--to", until)
    if start is not None and end is not None and start >= end:
        raise WrongInput(_("--to must be after --from."))
    wanted, documented = _asked(formula, protocol, permission)
    bar = _Progress()
    with ExitStack() as stack:
        source, size = _opened(facts, stack)
        bar.size = size
        found = stack.enter_context(facts_file.read(source, _name(facts), kinds_of(wanted), bar.reading))
        _check_kinds(formula, wanted, documented, found.kind_names())
        out = sys.stdout.buffer
        for first, last, lines in _answers(wanted, found, start, end):
            out.write(lines)
            bar.writing(last, len(found.subjects) or first)
        out.flush()
        bar.done()


def _language() -> str:
    return get_language() or "en"


def _refuse(error: CoreError, where: str) -> NoReturn:
    raise WrongInput(f"{where}: {error.text(_language())}") from None


def _name(path: str) -> str:
    return _("standard input") if path == "-" else path


def _moment(option: str, text: str | None) -> int | None:
    if text is None:
        return None
    from fugong.project.cli import facts_file

    try:
        return facts_file.moment(int(text) if text.lstrip("-").isdecimal() else text)
    except ValueError:
        raise WrongInput(
            _("%(option)s: “%(text)s” is no moment. Write whole seconds since 1970 (1583712000) or RFC 3339 "
              "(2020-03-09T08:00:00+08:00).") % {"option": option, "text": text}
        ) from None  # fmt: skip


def _asked(text: str | None, protocol: str | None, permission: str | None) -> tuple[Formula, Collection[str]]:
    """The formula to evaluate, and the kinds that are documented."""
    if (text is None) == (protocol is None) or (protocol is None) != (permission is None):
        raise WrongInput(_("Give either --formula, or --protocol and --permission."))
    if text is not None:
        try:
            return parse(text), VOCABULARY
        except CoreError as error:
            _refuse(error, "--formula")
    return _of_pack(protocol or "", permission or "")


def _of_pack(path: str, permission: str) -> tuple[Formula, Collection[str]]:
    from fugong.core.protocol.pack import load

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput(_("%(file)s cannot be read: %(why)s") % {"file": path, "why": _why(error)}) from None
    try:
        pack = load(text, name=path)
    except CoreError as error:
        raise WrongInput(error.text(_language())) from None
    if permission not in pack.permissions:
        raise WrongInput(
            _("%(file)s has no permission “%(name)s”; it has: %(known)s")
            % {"file": path, "name": permission, "known": ", ".join(sorted(pack.permissions))}
        )
    return pack.permission_formula(permission), {*VOCABULARY, *pack.kinds}


def _why(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, FileNotFoundError):
        return _("there is no such file.")
    if isinstance(error, IsADirectoryError):
        return _("it is a folder.")
    if isinstance(error, PermissionError):
        return _("you may not read it.")
    if isinstance(error, UnicodeDecodeError):
        return _("it is no UTF-8 text.")
    return error.strerror or str(error)


def _opened(path: str, stack: ExitStack) -> tuple[BufferedIOBase, int]:
    """The facts to read, and their size in bytes (0 when nobody knows)."""
    if path == "-":
        return cast(BufferedIOBase, sys.stdin.buffer), 0
    try:
        source = stack.enter_context(Path(path).open("rb"))  # noqa: SIM115 - the caller closes it
        return source, os.fstat(source.fileno()).st_size
    except OSError as error:
        raise WrongInput(_("%(file)s cannot be read: %(why)s") % {"file": path, "why": _why(error)}) from None


def _check_kinds(text: str | None, formula: Formula, documented: Collection[str], held: Collection[str]) -> None:
    """A kind that is neither documented nor in the file is an error, with its place when there is a text."""
    known = {*documented, *held}
    missing = sorted(kinds_of(formula) - known)
    if not missing:
        return
    if text is not None:
        try:
            parse(text, kinds=known)
        except CoreError as error:
            _refuse(error, "--formula")
    raise WrongInput(
        _("unknown kind “%(kind)s”; the nearest known ones: %(near)s")
        % {"kind": missing[0], "near": ", ".join(nearest(missing[0], known)) or "—"}
    )


def _answers(
    formula: Formula, found: facts_file.Facts, start: int | None, end: int | None
) -> Iterator[tuple[int, int, bytes]]:
    kinds = {name: number for number, name in enumerate(found.kind_names()) if name in kinds_of(formula)}
    for first, last, blocks in found.parts():
        lanes = last - first
        facts = dict.fromkeys(kinds, empty())
        for rows in blocks:
            for name, number in kinds.items():
                here = rows[rows[:, 1] == number]
                facts[name] = union(facts[name], from_intervals(here[:, 0] - first, here[:, 2], here[:, 3]))
        holds = evaluate(formula, facts, lanes)
        if start is not None or end is not None:
            bounds = MINUS_INF if start is None else start, PLUS_INF if end is None else end
            holds = intersection(holds, from_intervals(np.arange(lanes), *(np.full(lanes, b) for b in bounds)))
        yield first, last, _lines(holds, first, last, found)


def _lines(holds: IntervalSet, first: int, last: int, found: facts_file.Facts) -> bytes:
    lane, starts, ends = to_intervals(holds)
    cuts = np.searchsorted(lane, np.arange(last - first + 1)).tolist()
    null = {MINUS_INF: "null", PLUS_INF: "null"}
    pairs = [f"[{null.get(s, s)}, {null.get(e, e)}]" for s, e in zip(starts.tolist(), ends.tolist(), strict=True)]
    names = found.subjects
    base = int(names.ends[first - 1]) if first else 0
    name_ends = (names.ends[first:last] - base).tolist()
    text = names.bytes[base : base + name_ends[-1]].tobytes() if name_ends else b""
    lines, begin = [], 0
    for i, end in enumerate(name_ends):
        # the names are kept as JSON writes them
        intervals = ", ".join(pairs[cuts[i] : cuts[i + 1]])
        lines.append(f'{{"subject": "{text[begin:end].decode()}", "intervals": [{intervals}]}}\n')
        begin = end
    return "".join(lines).encode()


class _Progress:
    """A bar on the terminal, once it takes longer than two seconds."""

    def __init__(self) -> None:
        self.size = 0
        self._began = time.monotonic()
        self._shows = sys.stderr.isatty()
        self._shown = ""

    def reading(self, done: int, facts: int) -> None:
        """So many bytes and facts are read."""
        share = min(done / self.size, 1.0) if self.size else None
        self._show(_("Reading"), share, _("%s facts") % f"{facts:,}")

    def writing(self, done: int, subjects: int) -> None:
        """So many of the subjects are evaluated."""
        self._show(_("Evaluating"), done / subjects if subjects else 1.0, _("%s subjects") % f"{done:,}")

    def done(self) -> None:
        """Clear the bar."""
        if self._shown:
            click.echo("\r\033[K", nl=False, err=True)

    def _show(self, what: str, share: float | None, detail: str) -> None:
        if not self._shows or time.monotonic() - self._began < 2:
            return
        bar = "" if share is None else f"[{'#' * int(share * 30):30}] {share:4.0%} "
        text = f"{what} {bar}{detail}"
        if text != self._shown:
            self._shown = text
            click.echo(f"\r\033[K{text}", nl=False, err=True)
