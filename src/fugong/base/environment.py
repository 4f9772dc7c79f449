"""What the surroundings say: typed settings from environment variables, with defaults for a first start.

``FUGONG_DATA``        folder for the embedded database, keys and uploads (default: the user's data folder)
``DATABASE_URL``       any PostgreSQL ≥ 15 in place of the embedded one
``FUGONG_MASTER_KEY``  64 hexadecimal digits; default: ``master.key`` in the data folder, made at the first start
``FUGONG_HOSTS``       host names that may be asked for, separated by commas
``FUGONG_TIME_ZONE``   where people live (default ``Asia/Shanghai``)
``FUGONG_DEMO``        ``1`` shows the demo logins on the sign-in page
``FUGONG_CLOCK_SHIFT`` seconds added to the clock, so that a demo shows the time of its data; ignored outside a demo
``FUGONG_DEBUG``       ``1`` for development only
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """The folder that holds the embedded database, the master key and uploads."""
    given = os.environ.get("FUGONG_DATA")
    return Path(given).expanduser().resolve() if given else Path(platformdirs.user_data_dir("fugong"))


def database_url() -> str | None:
    """Connection string of the PostgreSQL to use, or None when the embedded one is to be started."""
    return os.environ.get("DATABASE_URL") or None


def flag(name: str) -> bool:
    """Whether an environment variable is switched on."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def clock_shift() -> int:
    """By how many seconds a demo's clock differs from the real one; 0 outside a demo."""
    return int(text("FUGONG_CLOCK_SHIFT", "0")) if flag("FUGONG_DEMO") else 0


def remember_clock_shift(seconds: int) -> None:
    """Hand the demo's clock to the processes that this one starts."""
    os.environ["FUGONG_CLOCK_SHIFT"] = str(seconds)


def text(name: str, default: str) -> str:
    """An environment variable, or its default when it is absent or empty."""
    return os.environ.get(name) or default


def master_key() -> bytes:
    """The 32 bytes from which every key is derived. Kept outside the database and its dumps.

    Raises ValueError when ``FUGONG_MASTER_KEY`` is not 64 hexadecimal digits.
    """
    given = os.environ.get("FUGONG_MASTER_KEY")
    if given:
        try:
            key = bytes.fromhex(given)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ValueError("FUGONG_MASTER_KEY must be 64 hexadecimal digits (32 bytes)")
        return key
    return _key_from_file(data_folder() / "master.key")


def _key_from_file(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_bytes(32)
        file.write(key.hex() + "\n")
    return key
