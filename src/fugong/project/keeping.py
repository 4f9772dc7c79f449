"""Where backups lie, how old they may grow, and how old they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fugong.base import environment

SUFFIX = ".fugong"
_NAME = re.compile(r"fugong-(\d{8}T\d{6}Z)" + re.escape(SUFFIX))
DAY, HOUR = 86_400, 3_600


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup's file and the moment of its data, as its name says."""

    path: Path
    moment: int


class WrongSettingError(ValueError):
    """A setting that is no whole number above zero; its argument names it."""


def folder() -> Path:
    """Where backups lie (``FUGONG_BACKUPS``): ``backups`` in the data folder unless it is said otherwise."""
    return Path(environment.text("FUGONG_BACKUPS", str(environment.data_folder() / "backups"))).expanduser()


def greatest_age() -> int:
    """How old a backup may grow, in seconds (``FUGONG_BACKUP_MAX_AGE_DAYS``, default 30): then it must be deleted."""
    return _number("FUGONG_BACKUP_MAX_AGE_DAYS", 30) * DAY


def expected_within() -> int:
    """How young the newest backup should be, in seconds (``FUGONG_BACKUP_WITHIN_HOURS``, default 36)."""
    return _number("FUGONG_BACKUP_WITHIN_HOURS", 36) * HOUR


def _number(name: str, default: int) -> int:
    given = environment.text(name, str(default))
    if not given.isdecimal() or int(given) == 0:
        raise WrongSettingError(name)
    return int(given)


def name_at(moment: int) -> str:
    """The name of the backup that is made at a moment; it says the moment in UTC."""
    return f"fugong-{datetime.fromtimestamp(moment, UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def backups(where: Path) -> list[Backup]:
    """The backups in a folder, from the oldest to the newest."""
    if not where.is_dir():
        return []
    found = []
    for path in where.iterdir():
        if match := _NAME.fullmatch(path.name):
            moment = datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append(Backup(path, int(moment.timestamp())))
    return sorted(found, key=lambda backup: backup.moment)


def too_old(where: Path, now: int) -> list[Backup]:
    """The backups that are older than they may grow."""
    return [backup for backup in backups(where) if backup.moment < now - greatest_age()]
