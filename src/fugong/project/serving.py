"""Getting an installation ready and serving it."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

from fugong import __version__
from fugong.base import environment, walls
from fugong.project import collector
from fugong.project.beside import steward_beside

OWNER = "owner"
"""The connection of the login that owns the tables; the default one is that of the login that serves."""
_PATIENCE = 20
"""Seconds that a stopping worker process may take for what it has begun; one that doesn't end then is ended, or stopping waits
for it for ever. What it was about to write is rolled back."""


class NoOwnerError(RuntimeError):
    """Only the login that serves is known: it owns no tables and cannot change them."""


def migrate() -> None:
    """Bring the database's tables to this version and give the serving login its rights. Raises NoOwnerError.

    What an earlier version stored of everybody's clearances, with less in it, is renewed.
    """
    demand_owner()
    with collector.seldom():
        call_command("migrate", verbosity=0, interactive=False, database=OWNER)
    raise_walls()
    _renew_outdated()


def _renew_outdated() -> None:
    from fugong.base import access, clock
    from fugong.clearance import services

    with access.acting(access.as_system("fugong upgrade")):
        services.renew_outdated(now=clock.now())


def demand_owner() -> None:
    """Raises NoOwnerError where the owner's connection is not known."""
    if environment.owner_url() is None:
        raise NoOwnerError


def raise_walls() -> None:
    """Give the login that serves exactly its rights, and write the policies of row-level security."""
    walls.apply(connections[OWNER], str(connections["default"].settings_dict["USER"]))
    connections[OWNER].close()  # nothing serves with it


def collect_static() -> None:
    """Put hashed and compressed copies of static files into the data folder, when they differ from those there."""
    if static_is_current():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    _stamp().write_text(_static_fingerprint())


def static_is_current() -> bool:
    """Whether the copies of static files in the data folder are those of this version."""
    return _stamp().is_file() and _stamp().read_text() == _static_fingerprint()


def _stamp() -> Path:
    return Path(settings.STATIC_ROOT) / "collected"


def _static_fingerprint() -> str:
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path}\0{storage.size(path)}\0{storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()


def first_administrator() -> tuple[str, str] | None:
    """On an empty installation make one town administrator with a random password; returns name and password once."""
    from fugong.base import access, services
    from fugong.base.models import User

    with access.acting(access.as_system("the first administrator")):
        if User.objects.exists():
            return None
        return "admin", services.add_login(username="admin", role=services.ADMINISTRATOR, scope_id=None)


def serve(*, host: str, port: int, steward: bool = True, ready: Callable[[], None] | None = None) -> None:
    """Serve until stopped: two worker processes, four threads each; and, unless it runs elsewhere, a steward beside.

    ``ready`` is called once somebody who opens the address is answered, some seconds after the start.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
    server = Granian(
        "fugong.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        log_level=LogLevels.warning,
        workers_kill_timeout=_PATIENCE,
    )
    with steward_beside() if steward else nullcontext():
        if ready is not None:
            threading.Thread(target=_when_answered, args=(host, port, ready), daemon=True).start()
        server.serve()


def _when_answered(host: str, port: int, ready: Callable[[], None]) -> None:
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - whoever serves all addresses serves this one
    while True:
        try:
            socket.create_connection((here, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return ready()
