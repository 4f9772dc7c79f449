"""What the surroundings say: typed settings from environment variables, with defaults for a first start.

``FUGONG_DATA``        folder for the embedded database, keys and uploads (default: the user's data folder)
``DATABASE_URL``       any PostgreSQL ≥ 15 in place of the embedded one: the login that serves
``FUGONG_OWNER_URL``   the same database by the login that owns its tables: needed for upgrades only
``FUGONG_MASTER_KEY``  64 hexadecimal digits; default: ``master.key`` in the data folder, made at the first start
``FUGONG_HOSTS``       host names that may be asked for, separated by commas
``FUGONG_TIME_ZONE``   where people live (default ``Asia/Shanghai``)
``FUGONG_DEMO``        ``1`` shows the demo logins on the sign-in page
``FUGONG_REQUIRE_TOTP`` ``1`` makes the second step at sign-in compulsory for roles of the whole town
``FUGONG_PROXY``       ``1`` where a proxy with HTTPS stands in front: visitors' addresses are those that it names
``FUGONG_LOSS_LIMIT``  from how many people one person may take a permission within a day (default 50)
``FUGONG_ESCALATE_AFTER`` seconds after which an act that waits goes to all approvers and deputies (default 4 hours)
``FUGONG_WAITING_KEPT`` seconds after which an act that nobody decided ends (default 7 days)
``FUGONG_CLOCK_SHIFT`` seconds added to the clock (a demo shows the time of its data and keeps it in its folder)
``FUGONG_DEBUG``       ``1`` for development only
"""

from __future__ import annotations

import json
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


def owner_url() -> str | None:
    """Connection string of the login that owns the tables and migrates; None where only the serving login is known."""
    return os.environ.get("FUGONG_OWNER_URL") or None


def flag(name: str) -> bool:
    """Whether an environment variable is switched on."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def demo() -> bool:
    """Whether this is a demo: started as one, or a folder in which one was loaded."""
    return flag("FUGONG_DEMO") or _demo_file().is_file()


def clock_shift() -> int:
    """By how many seconds a demo's clock differs from the real one, in every command on its folder; 0 outside a demo."""
    given = os.environ.get("FUGONG_CLOCK_SHIFT")
    return int(given) if given else demo_notes().get("shift", 0)


def demo_notes() -> dict[str, int]:
    """What a demo remembers of its clock: ``shift`` in seconds, and the moment at which it was ``stopped``."""
    try:
        notes: dict[str, int] = json.loads(_demo_file().read_text())
    except (OSError, ValueError):
        return {}
    return notes


def note_demo(**notes: int) -> None:
    """Remember something of the demo's clock, for later starts and for commands beside the server."""
    _demo_file().write_text(json.dumps({**demo_notes(), **notes}))


def _demo_file() -> Path:
    return data_folder() / "demo.json"


def whole(name: str, default: int) -> int:
    """A whole number, or its default when the variable is absent or empty. Raises ValueError for anything else."""
    given = os.environ.get(name, "").strip()
    if given and not (given.isascii() and given.isdigit()):
        raise ValueError(f"{name} must be a whole number, not {given!r}")
    return int(given) if given else default


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
