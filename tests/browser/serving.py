"""A server in a process of its own, which a test can kill: ``python serving.py DATABASE PORT SHIFT``.

It serves the suite's database at a port of this computer; its clock is the real one and so many seconds more.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


class Standing:
    """A server that is started and killed, each time at the same address, on the database of the test."""

    def __init__(self, database: str, now: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self._words = [sys.executable, str(Path(__file__)), database, str(self.port), str(now - int(time.time()))]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(self._words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self._process.poll() is None
            try:
                urllib.request.urlopen(self.url + "/door/", timeout=5).read()
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server doesn't answer")

    def later(self, seconds: int) -> None:
        """From the next start on its clock is so many seconds further."""
        self._words[-1] = str(int(self._words[-1]) + seconds)

    def kill(self) -> None:
        """End it at once, whatever it was doing."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(20)


def serve(database: str, port: int, shift: int) -> None:
    """Serve until the process is killed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    from fugong.base import clock

    clock.now = lambda: int(time.time()) + shift
    server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    server.serve_forever()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
