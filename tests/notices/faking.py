"""A local HTTP server for the fakes: it answers JSON, and can stall, break off, or do something before it answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Fake:
    """One provider. ``before_answer`` is called when a request has been taken and not been answered yet."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.calls: list[tuple[str, dict[str, str], Any]] = []
        self.before_answer: Callable[[str], None] = lambda path: None
        self.break_off: set[str] = set()
        self.status = 200
        self.url = ""

    def answer(self, path: str, query: dict[str, str], body: Any) -> dict[str, Any]:
        raise NotImplementedError

    def calls_of(self, path: str) -> list[Any]:
        """The bodies of the requests for a path."""
        return [body for asked, _query, body in self.calls if asked == path]

    @contextmanager
    def serving(self) -> Iterator[Fake]:
        """The fake, reachable at ``url``."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                self.reply(self.rfile.read(size))

            def do_GET(self) -> None:
                self.reply(b"")

            def reply(self, raw: bytes) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                kind = self.headers.get("Content-Type", "")
                if "json" in kind:
                    body: Any = json.loads(raw)
                elif raw:
                    body = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
                else:
                    body = None
                with fake.lock:
                    fake.calls.append((parts.path, query, body))
                    given = fake.answer(parts.path, query, body)
                fake.before_answer(parts.path)
                if parts.path in fake.break_off:
                    self.close_connection = True
                    return
                said = json.dumps(given, ensure_ascii=False).encode()
                self.send_response(fake.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Whoever asked is gone: that is what some tests are about."""

        server = Quiet(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join(5)


class Pace:
    """At most so many within so many seconds; who asks too often is refused, and shut out for a while where that is so."""

    def __init__(self, most: int, seconds: float, shut_out: float = 0) -> None:
        self.most, self.seconds, self.shut_out = most, seconds, shut_out
        self.times: list[float] = []
        self.shut_until = 0.0

    def allows(self) -> bool:
        now = time.monotonic()
        self.times = [one for one in self.times if one > now - self.seconds]
        if now < self.shut_until:
            return False
        if len(self.times) >= self.most:
            self.shut_until = now + self.shut_out
            return False
        self.times.append(now)
        return True
