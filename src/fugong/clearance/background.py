"""Work that takes its time, told step by step: in a thread of its own, so that it ends even when nobody watches any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any

from django.db import connection

from fugong.base import access
from fugong.base.access import Acting
from fugong.base.faults import Fault
from fugong.ledger.acts import Progress


@dataclass(frozen=True, slots=True)
class Step:
    """So many of so many workers are evaluated."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of it, and how many workers were evaluated."""

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

    Thread(target=run, name="clearance", daemon=False).start()
    while True:
        item = told.get()
        if isinstance(item, Exception):
            raise item
        yield item
        if not isinstance(item, Step):
            return
