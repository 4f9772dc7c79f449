"""A load that costs little itself: prepared requests over connections that stay open, in one thread; and who serves them."""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"
_HERE = Path(__file__).resolve().parent.parent


@dataclass(slots=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: bytes
    body: bytes
    taken: float


@dataclass(slots=True)
class _Connection:
    sock: socket.socket
    number: int = -1
    begun: float = 0.0
    got: bytearray = field(default_factory=bytearray)
    needed: int = -1


@dataclass(slots=True)
class Round:
    """One round of load: the answers by the number of their request, and how many seconds all took."""

    answers: dict[int, Answer]
    seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.answers) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which so large a share of requests was answered."""
        taken = sorted(one.taken for one in self.answers.values())
        return 1000 * taken[min(len(taken) - 1, int(len(taken) * share))]


def fire(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Round:
    """Send requests in their order over so many connections, each waiting for its answer, for so long at most."""
    waiting, answers = iter(enumerate(requests)), dict[int, Answer]()
    begun = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for _n in range(connections):
            one = _Connection(socket.create_connection((HOST, port)))
            one.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if _send(one, waiting, begun + seconds):
                selector.register(one.sock, selectors.EVENT_READ, one)
        while selector.get_map():
            for key, _mask in selector.select(60):
                one = key.data
                if not _received(one):
                    continue
                answers[one.number] = _answer(one)
                if not _send(one, waiting, begun + seconds):
                    selector.unregister(one.sock)
                    one.sock.close()
    return Round(answers, time.perf_counter() - begun)


def _send(one: _Connection, waiting: Iterator[tuple[int, bytes]], until: float) -> bool:
    following = next(waiting, None) if time.perf_counter() < until else None
    if following is None:
        return False
    one.number, request = following
    one.got.clear()
    one.needed = -1
    one.begun = time.perf_counter()
    one.sock.sendall(request)
    return True


def _received(one: _Connection) -> bool:
    """Take what is there; whether the answer is whole."""
    part = one.sock.recv(1 << 18)
    if not part:
        raise SystemExit("the server closed a connection")
    one.got += part
    if one.needed < 0:
        end = one.got.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(one.got[:end]).lower()
        place = head.find(b"content-length:")
        length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        one.needed = end + 4 + length
    return len(one.got) >= one.needed


def _answer(one: _Connection) -> Answer:
    head, _end, body = bytes(one.got).partition(b"\r\n\r\n")
    return Answer(int(head[9:12]), head, body, time.perf_counter() - one.begun)


@contextmanager
def serving(command: Sequence[str], port: int, probe: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server as a child, from its first answer to the end of the block."""
    path = os.pathsep.join((str(_HERE), os.environ.get("PYTHONPATH", "")))
    child = subprocess.Popen(list(command), env={**os.environ, "PYTHONPATH": path, **more})
    try:
        for _try in range(300):
            try:
                with socket.create_connection((HOST, port), timeout=1) as sock:
                    sock.sendall(f"GET {probe} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
                    if sock.recv(64).startswith(b"HTTP/1.1 200"):
                        break
            except OSError:
                pass
            if child.poll() is not None:
                raise SystemExit(f"{command[-1]} ended by itself")
            time.sleep(0.1)
        yield child
    finally:
        child.terminate()
        child.wait(30)


def fugong(port: int) -> Sequence[str]:
    """The production server, as ``fugong serve`` starts it: two workers."""
    return [sys.executable, "-m", "fugong", "serve", "--host", HOST, "--port", str(port)]


def bare(port: int) -> Sequence[str]:
    """The yardstick on the same server software, started the same way."""
    return [sys.executable, "-m", "doorbench.bare", str(port)]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])
