"""Work that takes its time, told step by step: in a thread of its own, so that it ends even when nobody watches any more.

A page that is streamed shows how far it is: one line a step, of which the stylesheet shows the last, then what came of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation

from fugong.base import access
from fugong.base.access import Acting
from fugong.base.faults import Fault

logger = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Is told how many of how many are done."""
MANY = 1_000
"""Work on so many rows takes two seconds on two slow cores: from here on it shows how far it is."""
BATCH = 500
"""So many rows at a time, so that there is something to tell."""


def silent(done: int, total: int) -> None:
    """No progress to show."""


def part(progress: Progress, rows: int, number: int, of: int) -> Progress:
    """How far the ``number``-th (from 0) of so many parts of work on ``rows`` rows is, told as rows of the whole."""

    def told(done: int, total: int) -> None:
        progress(rows * (number * total + done) // (of * total) if total else rows * number // of, rows)

    return told


@dataclass(frozen=True, slots=True)
class Step:
    """So many of so many are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of it, and how many of them there were."""

    result: Any
    workers: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed, and why."""

    fault: Fault


def steps(work: Callable[[Progress], Any], who: Acting) -> Iterator[Step | Ended | Refused]:
    """Do the work in one transaction under somebody's scope and tell how far it is; the last item is the result."""
    told: SimpleQueue[Step | Ended | Refused | Exception] = SimpleQueue()

    def run() -> None:
        last = Step(0, 0)

        def progress(done: int, total: int) -> None:
            nonlocal last
            last = Step(done, total)
            told.put(last)

        try:
            with access.acting(who):
                result = work(progress)
            told.put(Ended(result, last.total))
        except Fault as fault:
            told.put(Refused(fault))
        except Exception as error:  # handed to the page's own thread
            told.put(error)
        finally:
            connection.close()

    Thread(target=run, name="background", daemon=False).start()
    while True:
        item = told.get()
        if isinstance(item, Exception):
            raise item
        yield item
        if not isinstance(item, Step):
            return


def streamed(
    request: HttpRequest, work: Callable[[Progress], Any], page: str, context: dict[str, Any],
    piece: Callable[[Step | Ended | Refused], str],
) -> StreamingHttpResponse:  # fmt: skip
    """Do the work and stream the page meanwhile: ``piece`` writes what stands at its ``<!--progress-->``, step by step.

    Of work that fails the page says so, as error pages do: it can't be another page any more.
    """
    told = steps(work, access.current())
    language = translation.get_language() or "zh-hans"
    before, after = render_to_string(page, context, request).split("<!--progress-->")

    def pieces() -> Iterator[str]:
        yield before
        while True:
            try:
                step = next(told, None)
            except Exception:
                logger.exception("work in the background failed")
                with translation.override(language):
                    yield render_to_string("components/working_failed.html")
                break
            if step is None:
                break
            with translation.override(language):
                yield piece(step)
        yield after

    response = StreamingHttpResponse(pieces())
    response["Content-Encoding"] = "identity"  # each step is to be seen at once, not when a compressed block is full
    response["X-Accel-Buffering"] = "no"
    return response


def worked(
    request: HttpRequest, rows: int, work: Callable[[Progress], Any], *, heading: str, back: str,
    said: Callable[[Any], str], to: Callable[[Any], str] | None = None, quiet: bool = False,
) -> HttpResponseBase:  # fmt: skip
    """The answer to a button that works on so many rows: of few it is done at once, and the next page says so (``said``); of
    ``MANY`` a bar counts them. ``back`` is the page of the button, ``to`` the one that shows what came of it, if another;
    ``quiet``: that page says it by itself.

    Raises the Fault of few; of many the streamed page says it.
    """

    def address(result: Any) -> str:
        return to(result) if to else back

    if rows < MANY:
        result = work(silent)
        if not quiet:
            messages.success(request, said(result))
        return redirect(address(result))

    def piece(step: Step | Ended | Refused) -> str:
        shown: dict[str, Any] = {"step": step, "kind": type(step).__name__, "back": back}
        if isinstance(step, Ended):
            shown |= {"said": said(step.result), "to": address(step.result)}
        return render_to_string("components/working_step.html", shown)

    return streamed(request, work, "components/working.html", {"heading": heading, "back": back}, piece)
