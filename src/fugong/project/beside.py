"""The steward as a child of the server: started with it, started again when it fails, ended with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

_AGAIN = 5.0  # seconds before a steward that ended by itself is started again
_PATIENCE = 15.0  # seconds for it to end with us


@contextmanager
def steward_beside() -> Iterator[None]:
    """A steward works until the end of the block, in a process of its own, on the database of this environment.

    It ends by itself when this process is gone, however that happened: its standard input is a pipe that we hold.
    """
    over = Event()
    keeper = Thread(target=_keep, args=(over,), name="steward", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(_PATIENCE)


def _keep(over: Event) -> None:
    while not over.is_set():
        with _child() as child:
            while child.poll() is None and not over.wait(0.5):
                pass
        over.wait(_AGAIN)


@contextmanager
def _child() -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, "-m", "fugong", "steward", "--until-closed"], stdin=subprocess.PIPE)
    try:
        yield child
    finally:
        if child.stdin is not None:
            with suppress(OSError):
                child.stdin.close()
        try:
            child.wait(_PATIENCE - 3)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
