"""What the surroundings say: typed settings from environment variables, with defaults for a first start.

``FUGONG_DATA``        folder for the embedded database, keys and uploads (default: the user's data folder)
``DATABASE_URL``       any PostgreSQL ≥ 15 in place of the embedded one: the login that serves
``FUGONG_OWNER_URL``   the same database by the login that owns its tables: needed for upgrades only
``FUGONG_MASTER_KEY``  64 hexadecimal digits, or several versions: ``2:… 1:…``; default: ``master.key`` in the data folder
``FUGONG_HOSTS``       host names that may be asked for, separated by commas
``FUGONG_HTTPS``       ``1`` when people reach Fugong by HTTPS: cookies are sent by HTTPS only
``FUGONG_PROXY``       addresses or networks of our own reverse proxies, separated by commas, which say who asks
``FUGONG_BACKUPS``     folder of the backups (default: ``backups`` in the data folder)
``FUGONG_BACKUP_WITHIN_HOURS`` how young the newest backup should be (default 36)
``FUGONG_BACKUP_MAX_AGE_DAYS`` how old a backup may grow before it must be deleted (default 30)
``FUGONG_TIME_ZONE``   where people live (default ``Asia/Shanghai``)
``FUGONG_DEMO``        ``1`` shows the demo logins on the sign-in page
``FUGONG_REQUIRE_TOTP`` ``1`` makes the second step at sign-in compulsory for roles of the whole town
``FUGONG_LOSS_LIMIT``  from how many people one person may take a permission within a day (default 50)
``FUGONG_ESCALATE_AFTER`` seconds after which an act that waits goes to all approvers and deputies (default 4 hours)
``FUGONG_WAITING_KEPT`` seconds after which an act that nobody decided ends (default 7 days)
``FUGONG_REDRESS_DAYS`` within how many days requests of people are answered (default 3)
``FUGONG_KEPT_UNTIL``  the last day on which the town keeps what it holds about people; people read it in their files
``FUGONG_AUDIT_MAIL``  to whom the head of the audit is mailed every day: addresses, separated by commas
``FUGONG_AUDIT_POST``  an address to which it is posted every day (``https:``, or ``http:`` on this machine)
``FUGONG_SMTP``        the mail server: ``smtp://host:25``, ``starttls://user:password@host`` or ``smtps://…``
``FUGONG_MAIL_FROM``   the sender of mails
``FUGONG_ADDRESS``     where people's phones reach Fugong (``https://fugong.example``): links in notices begin with it
``FUGONG_NOTICE_LIMIT`` to how many people one person alone may write (default 5,000; the whole town always takes two)
``FUGONG_CLOCK_SHIFT`` seconds added to the clock (a demo shows the time of its data and keeps it in its folder)
``FUGONG_DEBUG``       ``1`` for development only: error pages say where something failed, though with nobody's values
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import platformdirs

from fugong.base import keyring


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


def whole(name: str, default: int, least: int = 0) -> int:
    """A whole number, or its default when the variable is absent or empty. Raises ValueError for anything else."""
    given = os.environ.get(name, "").strip()
    if given and not (given.isascii() and given.isdigit()):
        raise ValueError(f"{name} must be a whole number, not {given!r}")
    if given and int(given) < least:
        raise ValueError(f"{name} must be at least {least}, not {given}")
    return int(given) if given else default


def day(name: str) -> date | None:
    """A date (2020-12-31), or None when the variable is absent or empty. Raises ValueError for anything else."""
    given = os.environ.get(name, "").strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise ValueError(f"{name} must be a date such as 2020-12-31, not {given!r}") from None


def text(name: str, default: str) -> str:
    """An environment variable, or its default when it is absent or empty."""
    return os.environ.get(name) or default


def key_file() -> Path:
    """Where the master key is kept when ``FUGONG_MASTER_KEY`` doesn't say it."""
    return data_folder() / "master.key"


def master_keys() -> dict[int, bytes]:
    """Every version of the master key, 32 bytes each, from which all keys are derived. Kept outside the database.

    Raises ValueError when ``FUGONG_MASTER_KEY`` or the file holds something else.
    """
    given = os.environ.get("FUGONG_MASTER_KEY")
    return keyring.parse(given) if given else keyring.read(key_file())


def master_key() -> bytes:
    """The newest version of the master key. Raises ValueError as `master_keys` does."""
    keys = master_keys()
    return keys[max(keys)]
