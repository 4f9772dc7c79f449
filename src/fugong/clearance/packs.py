"""Protocol packs as the pages show them: checked against the ledger's kinds, and adopted with progress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from uuid import UUID

from django.db import IntegrityError, connection

from fugong.clearance import services
from fugong.clearance.models import Adoption
from fugong.core.protocol.pack import Pack, RawField, RawKind, against, load
from fugong.ledger.kinds import KINDS

LEDGER = {
    kind.name: RawKind(
        kind.subject, kind.shape,
        {field.name: RawField(field.type, field.choices, field.refers_to) for field in kind.fields},
    )
    for kind in KINDS.values()
    if kind.in_protocols
}  # fmt: skip
"""The ledger's kinds as the core sees them: those on which a protocol may rest."""


def checked(text: str, name: str = "pack") -> Pack:
    """A pack that reads facts as the ledger keeps them. Raises PackError with line and column.

    Browsers send line ends as CR LF; a pack keeps LF, so that its digest stays that of the file.
    """
    pack = load(text.replace("\r\n", "\n"), name=name)
    against(pack, LEDGER)
    return pack


@dataclass(frozen=True, slots=True)
class Step:
    """So many of so many workers are evaluated."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Adopted:
    """The protocol will be in force from its instant on."""

    adoption: Adoption
    workers: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed: at that very instant another protocol comes into force."""


def adopt(*, text: str, effective_from: int, now: int, actor: UUID) -> Iterator[Step | Adopted | Refused]:
    """Adopt a pack in one transaction and tell how far it is; the last item is the result.

    It runs in a thread of its own, so that it ends even when nobody watches any more.
    """
    told: SimpleQueue[Step | Adopted | Refused | Exception] = SimpleQueue()

    def work() -> None:
        last = Step(0, 0)

        def progress(done: int, total: int) -> None:
            nonlocal last
            last = Step(done, total)
            told.put(last)

        try:
            adoption = services.adopt(text=text, effective_from=effective_from, now=now, actor=actor, progress=progress)
            told.put(Adopted(adoption, last.total))
        except IntegrityError:
            told.put(Refused())
        except Exception as error:  # handed to the page's own thread
            told.put(error)
        finally:
            connection.close()

    Thread(target=work, name="adopt", daemon=False).start()
    while True:
        item = told.get()
        if isinstance(item, Exception):
            raise item
        yield item
        if not isinstance(item, Step):
            return
