"""How much memory a process and its children hold at most, while something happens."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

_EVERY = 0.1


class Peak:
    """Within the block, what the process and all below it hold together is looked at ten times a second."""

    def __init__(self, process: int) -> None:
        self._process, self._over = process, Event()
        self.at_rest = self.megabytes = self._held()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_EVERY):
            self.megabytes = max(self.megabytes, self._held())

    def _held(self) -> int:
        return round(sum(map(_resident, _family(self._process))) / 1024)


def _family(process: int) -> list[int]:
    found = [process]
    for one in found:
        try:
            children = Path(f"/proc/{one}/task/{one}/children").read_text()
        except OSError:
            continue
        found += map(int, children.split())
    return found


def _resident(process: int) -> int:
    """Kilobytes."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)
