"""Getting an installation ready and serving it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from fugong import __version__


def migrate() -> None:
    """Bring the database's tables to this version."""
    call_command("migrate", verbosity=0, interactive=False)


def collect_static() -> None:
    """Put hashed and compressed copies of static files into the data folder, when they differ from those there."""
    stamp = Path(settings.STATIC_ROOT) / "collected"
    fingerprint = _static_fingerprint()
    if stamp.is_file() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(fingerprint)


def _static_fingerprint() -> str:
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path}\0{storage.size(path)}\0{storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()


def first_administrator() -> tuple[str, str] | None:
    """On an empty installation make one town administrator with a random password; returns name and password once."""
    from fugong.base import services
    from fugong.base.models import User

    if User.objects.exists():
        return None
    return "admin", services.add_login(username="admin", role=services.ADMINISTRATOR, scope_id=None)


def serve(*, host: str, port: int) -> None:
    """Serve until stopped: two worker processes, four threads each.

    Lists that were uploaded more than a day ago lose their content first: that must not wait for a visitor.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from fugong.base import clock
    from fugong.registry.uploads.services import purge

    purge(now=clock.now())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
    Granian(
        "fugong.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        log_level=LogLevels.warning,
    ).serve()
