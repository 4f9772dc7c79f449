"""Facts from a file of one JSON object a line, however many: kept in memory while they are few, on disk when not.

Subjects and kinds are numbered in the order of their first appearance; a subject's number is its lane. Of the facts
only those are kept whose kind is wanted.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BufferedIOBase
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from fugong.core.time import MINUS_INF, PLUS_INF
from fugong.project.cli import facts_scan
from fugong.project.cli.errors import WrongInput
from fugong.project.cli.facts_scan import Names

Rows = NDArray[np.int64]
"""Facts: subject, kind, start, end; the latter two in epoch seconds."""

BLOCK = 1 << 22  # bytes read at a time
LONGEST_LINE = 1 << 20  # bytes
IN_MEMORY = 1 << 20  # facts
MOST_LANES = 1 << 18  # subjects evaluated at a time
MOST_PARTS = 200  # files open at a time
_COARSE = 1 << 16

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def moment(value: object) -> int:
    """Epoch seconds of a whole number or an RFC 3339 text (a fraction of a second counts as its second).

    ``ValueError`` for anything else.
    """
    if isinstance(value, str):
        match = _RFC3339.fullmatch(value)
        if match is None:
            raise ValueError(value)
        day, clock, _fraction, zone = match.groups()
        at = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'Zz' else zone}")
        value = (at - datetime.fromisoformat("1970-01-01T00:00:00+00:00")) // _SECOND
    if not isinstance(value, int) or isinstance(value, bool) or not MINUS_INF < value < PLUS_INF:
        raise ValueError(value)
    return value


_SECOND = datetime.resolution * 1_000_000


class Facts:
    """The facts of a file. Use it as a context, so that what it keeps on disk goes away."""

    def __init__(self) -> None:
        self.subjects, self.kinds = Names(), Names()
        self.count = 0
        self._kept: list[Rows] = []
        self._kept_rows = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._rows_on_disk = 0

    def __enter__(self) -> Facts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back what is kept on disk."""
        if self._folder:
            self._folder.cleanup()

    def kind_names(self) -> list[str]:
        """The kinds of the file, by number."""
        return [json.loads(b'"%s"' % self.kinds[i]) for i in range(len(self.kinds))]

    def add(self, rows: Rows) -> None:
        """Keep these facts; beyond a million, on disk."""
        if not len(rows):
            return
        self._kept.append(rows)
        self._kept_rows += len(rows)
        if self._kept_rows > IN_MEMORY:
            with self._file("facts").open("ab") as out:
                for kept in self._kept:
                    out.write(np.ascontiguousarray(kept).data)
            self._rows_on_disk += self._kept_rows
            self._kept, self._kept_rows = [], 0

    def parts(self) -> Iterator[tuple[int, int, Iterator[Rows]]]:
        """Ranges of subjects (first, last + 1), in order, and the facts of each, in blocks."""
        subjects = len(self.subjects)
        if not self._rows_on_disk:
            everything = np.concatenate(self._kept) if self._kept else np.empty((0, 4), np.int64)
            for first in range(0, subjects, MOST_LANES):
                last = min(first + MOST_LANES, subjects)
                here = (everything[:, 0] >= first) & (everything[:, 0] < last) if subjects > MOST_LANES else slice(None)
                yield first, last, iter([everything[here]])
            return
        edges = self._edges(subjects)
        self._distribute(edges)
        for i in range(len(edges) - 1):
            path = self._file(f"part-{i}")
            yield int(edges[i]), int(edges[i + 1]), _blocks(path)
            path.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="fugong-")
        return Path(self._folder.name) / name

    def _all(self) -> Iterator[Rows]:
        yield from _blocks(self._file("facts"))
        yield from self._kept

    def _edges(self, subjects: int) -> Rows:
        """Where to cut the subjects so that each part holds about a million facts and not too many subjects."""
        coarse = max(1, -(-subjects // _COARSE))
        numbers = np.zeros(-(-subjects // coarse), np.int64)
        for rows in self._all():
            numbers += np.bincount(rows[:, 0] // coarse, minlength=len(numbers))
        total = self._rows_on_disk + self._kept_rows
        most_rows, most_lanes = max(IN_MEMORY, total // MOST_PARTS), max(MOST_LANES, subjects // MOST_PARTS)
        edges, rows_here = [0], 0
        for i, number in enumerate(numbers.tolist()):
            at = i * coarse
            if at > edges[-1] and (rows_here + number > most_rows or at + coarse - edges[-1] > most_lanes):
                edges.append(at)
                rows_here = 0
            rows_here += number
        return np.array([*edges, subjects], np.int64)

    def _distribute(self, edges: Rows) -> None:
        files = [self._file(f"part-{i}").open("wb") for i in range(len(edges) - 1)]
        try:
            for rows in self._all():
                part = np.searchsorted(edges, rows[:, 0], side="right") - 1
                ordered = rows[np.argsort(part, kind="stable")]
                cuts = np.concatenate(([0], np.cumsum(np.bincount(part, minlength=len(files)))))
                for i, out in enumerate(files):
                    if cuts[i] < cuts[i + 1]:
                        out.write(ordered[cuts[i] : cuts[i + 1]].data)
        finally:
            for out in files:
                out.close()
        self._file("facts").unlink()
        self._kept = []


def _blocks(path: Path) -> Iterator[Rows]:
    with path.open("rb") as source:
        while raw := source.read((IN_MEMORY >> 2) * 32):
            yield np.frombuffer(raw, np.int64).reshape(-1, 4)


def read(
    stream: BufferedIOBase, name: str, wanted: frozenset[str], progress: Callable[[int, int], None] | None = None
) -> Facts:
    """The facts of ``stream``; ``name`` stands for it in errors.

    ``progress`` is told after each block how many bytes and how many facts are read. :class:`WrongInput` names the
    first line that is wrong and what to do.
    """
    reader = _Reader(name, wanted)
    try:
        _read_blocks(stream, reader, progress)
    except BaseException:
        reader.facts.close()
        raise
    return reader.facts


def _read_blocks(stream: BufferedIOBase, reader: _Reader, progress: Callable[[int, int], None] | None) -> None:
    tail, total, raw = b"", 0, b"-"
    while raw:
        raw = stream.read(BLOCK)
        block = bytearray(tail)
        block += raw if total else raw.removeprefix(b"\xef\xbb\xbf")
        total += len(raw)
        if not raw and block:
            block += b"\n"
        stop = block.rfind(b"\n") + 1
        if len(block) - stop > LONGEST_LINE:
            reader.number += block.count(b"\n", 0, stop)
            reader.wrong(_("the line is longer than a million characters"), _("Write one fact a line."))
        reader.take(block, stop)
        tail = bytes(block[stop:])
        if progress:
            progress(total, reader.facts.count)


class _Reader:
    def __init__(self, name: str, wanted: frozenset[str]) -> None:
        self.name, self.wanted = name, wanted
        self.facts = Facts()
        self.number = 0  # lines done
        self._is_wanted = np.zeros(0, np.bool_)
        self._out = np.empty((1 << 16, 4), np.int64)

    def take(self, block: bytearray, stop: int) -> None:
        """Read the whole lines of ``block``, which end at ``stop``."""
        if not block.isascii():
            try:
                block[:stop].decode()
            except UnicodeDecodeError as e:
                self.number += block.count(b"\n", 0, e.start)
                self.wrong(_("this is not UTF-8 text"), _("Save the file in the encoding UTF-8."))
        raw = np.frombuffer(block, np.uint8)
        at, facts = 0, self.facts
        while at < stop:
            why, at, size = facts_scan.scan(raw, at, stop, *facts.subjects.table, *facts.kinds.table, self._out)
            self._keep(self._out[:size])
            self.number += size
            if why == facts_scan.ROOM:
                longest = block.index(b"\n", at) - at
                facts.subjects.make_room(longest)
                facts.kinds.make_room(longest)
            elif why == facts_scan.SLOW:
                end = block.index(b"\n", at)
                self._slow(bytes(block[at:end]))
                self.number += 1
                at = end + 1

    def wrong(self, what: str, remedy: str) -> NoReturn:
        """The line after those done is wrong."""
        raise WrongInput(
            _("%(file)s, line %(line)d: %(what)s. %(remedy)s")
            % {"file": self.name, "line": self.number + 1, "what": what, "remedy": remedy}
        )

    def _keep(self, rows: Rows) -> None:
        self.facts.count += len(rows)
        kinds = self.facts.kinds
        if len(self._is_wanted) < len(kinds):
            new = [json.loads(b'"%s"' % kinds[i]) in self.wanted for i in range(len(self._is_wanted), len(kinds))]
            self._is_wanted = np.append(self._is_wanted, new)
        if len(rows):
            self.facts.add(rows[self._is_wanted[rows[:, 1]]])

    def _slow(self, line: bytes) -> None:
        if not line.strip():
            return
        example = '{"subject": "…", "kind": "test.negative", "at": 1583712000}'
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            self.wrong(_("this is no JSON object"), _("Write one fact a line, such as %s.") % example)
        if not isinstance(found, dict):
            self.wrong(_("this is no JSON object"), _("Write one fact a line, such as %s.") % example)
        subject, kind = self._text(found, "subject"), self._text(found, "kind")
        start, end = self._interval(found)
        facts = self.facts
        row = [facts.subjects.number(subject), facts.kinds.number(kind), start, end]
        self._keep(np.array([row], np.int64))

    def _text(self, found: dict[str, Any], key: str) -> bytes:
        value = found.get(key)
        if not isinstance(value, str) or not value:
            self.wrong(
                _("“%s” is missing or is no text") % key,
                _("Give every fact a “subject” and a “kind”, both texts in quotation marks."),
            )
        try:
            return json.dumps(value, ensure_ascii=False)[1:-1].encode()
        except UnicodeEncodeError:
            self.wrong(_("“%s” holds half a character") % key, _("Write the character itself, in UTF-8."))

    def _interval(self, found: dict[str, Any]) -> tuple[int, int]:
        event, state = "at" in found, "from" in found or "to" in found
        if event == state or (state and not ("from" in found and "to" in found)):
            self.wrong(
                _("a fact has either “at”, or “from” and “to”"),
                _("Write “at” for an event; “from” and “to” for what lasts (null where it has no beginning or end)."),
            )
        if event:
            at = self._moment(found, "at")
            return at, at + 1
        start = MINUS_INF if found["from"] is None else self._moment(found, "from")
        end = PLUS_INF if found["to"] is None else self._moment(found, "to")
        if start >= end:
            self.wrong(_("“to” is not after “from”"), _("“to” is the first second at which the fact no longer holds."))
        return start, end

    def _moment(self, found: dict[str, Any], key: str) -> int:
        try:
            return moment(found[key])
        except ValueError:
            self.wrong(
                _("“%(key)s” is no moment: %(value)s")
                % {"key": key, "value": json.dumps(found[key], ensure_ascii=False)[:60]},
                _("Write whole seconds since 1970 (1583712000) or RFC 3339 (2020-03-09T08:00:00+08:00)."),
            )
