"""Checks of this machine: addresses, the master key, backups, disk, fonts and the pages' files."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import fugong
from fugong.base import clock, environment
from fugong.project import keeping, serving
from fugong.project.checks.findings import Finding

_LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}
_GIB = 2**30
_LITTLE, _TOO_LITTLE = 5 * _GIB, _GIB // 2  # bytes that are free
_FONT = Path(fugong.__file__).parent / "base" / "fonts" / "FugongSansSC-Regular.otf"
_SMALL = 2**20  # a file that holds a key is smaller than this


def addresses(now: int) -> Iterator[Finding]:
    """Debugging is off, only known names are answered, and nothing crosses a network in the clear."""
    hosts = set(settings.ALLOWED_HOSTS)
    if settings.DEBUG:
        yield Finding(
            "https", "error", _("Debugging is on: error pages show what is in the memory."), _("Unset FUGONG_DEBUG.")
        )
    if "*" in hosts or any(host.startswith(".") for host in hosts):
        yield Finding(
            "https", "error", _("Every host name is answered."),
            _("Name in FUGONG_HOSTS the names under which people open Fugong."),
        )  # fmt: skip
    told = {"hosts": _(", ").join(sorted(hosts))}
    if hosts <= _LOOPBACK:
        yield Finding("https", "ok", _("Only this machine itself is served (%(hosts)s).") % told)
    elif not settings.SESSION_COOKIE_SECURE:
        yield Finding(
            "https", "error", _("%(hosts)s: passwords and people's data may cross the network in the clear.") % told,
            _("Put HTTPS before Fugong (docs/deploy/README.md) and set FUGONG_HTTPS=1."),
        )  # fmt: skip
    else:
        yield Finding("https", "ok", _("%(hosts)s, by HTTPS only.") % told)


def master_key(now: int) -> Iterator[Finding]:
    """The key is there, nobody else may read it, and it lies neither with the database nor with its backups."""
    try:
        keys = list(environment.master_keys().values())
    except ValueError:
        yield Finding(
            "master_key", "error", _("The master key is no key: 64 hexadecimal digits are needed."),
            _("Bring it back from its own backup; a new one cannot read what the old one wrote."),
        )  # fmt: skip
        return
    wrong = False
    path = environment.key_file()
    if not os.environ.get("FUGONG_MASTER_KEY") and stat.S_IMODE(path.stat().st_mode) & 0o077:
        wrong = True
        yield Finding(
            "master_key", "error", _("Others on this machine may read the master key (%(path)s).") % {"path": path},
            f"chmod 600 {path}",
        )  # fmt: skip
    for copy in _copies(keys):
        wrong = True
        yield Finding(
            "master_key", "error", _("The master key lies beside what it protects: %(path)s.") % {"path": copy},
            _("Keep its copy elsewhere: whoever takes the backups must not get the key with them."),
        )  # fmt: skip
    if not wrong:
        yield Finding("master_key", "ok", _("The master key is there and lies apart from database and backups."))


def _copies(keys: Iterable[bytes]) -> Iterator[Path]:
    """Small files with a key in them, as programs or as people write it, where database and backups lie."""
    written = [text for key in keys for text in (key.hex().encode(), f"{key.hex()[:8]} {key.hex()[8:16]}".encode())]
    for folder in (keeping.folder(), environment.data_folder() / "postgres"):
        try:
            files = [path for path in folder.iterdir() if path.is_file() and path.stat().st_size < _SMALL]
        except OSError:  # not there, or not ours to read: then not ours to leak either
            continue
        for path in files:
            try:
                text = path.read_bytes().lower()
            except OSError:
                continue
            if any(key in text for key in written):
                yield path


def backups(now: int) -> Iterator[Finding]:
    """There is a young backup, and none is older than it may grow."""
    where, real = keeping.folder(), clock.now_milliseconds() // 1_000
    try:
        greatest, within = keeping.greatest_age(), keeping.expected_within()
    except keeping.WrongSettingError as error:
        yield Finding(
            "backups", "error", _("%(name)s is no whole number above zero.") % {"name": error.args[0]},
            _("Correct it in the environment (docs/deploy/README.md)."),
        )  # fmt: skip
        return
    found = keeping.backups(where)
    days = greatest // keeping.DAY
    if old := keeping.too_old(where, real):
        yield Finding(
            "backups", "error",
            ngettext(
                "%(count)s backup is older than %(days)s days and still lies in %(folder)s.",
                "%(count)s backups are older than %(days)s days and still lie in %(folder)s.", len(old),
            ) % {"count": len(old), "days": days, "folder": where},
            _("Delete them: “fugong backup --prune” does it after a new one is made."),
        )  # fmt: skip
    if environment.demo():
        yield Finding("backups", "ok", _("A demo needs no backup."))
    elif not found:
        yield Finding(
            "backups", "warning", _("There is no backup yet."),
            _("Make one every night with “fugong backup” (docs/deploy/README.md)."),
        )  # fmt: skip
    elif real - found[-1].moment > within:
        hours = (real - found[-1].moment) // keeping.HOUR
        yield Finding(
            "backups", "warning", _("The newest backup is %(hours)s hours old.") % {"hours": hours},
            _("Look why the nightly one failed, and run “fugong backup”."),
        )  # fmt: skip
    elif not old:
        told = {"count": len(found), "hours": (real - found[-1].moment) // keeping.HOUR}
        yield Finding("backups", "ok", _("%(count)s backups, the newest %(hours)s hours old.") % told)


def disk(now: int) -> Iterator[Finding]:
    """The data folder has room."""
    free = shutil.disk_usage(environment.data_folder()).free
    told = {"free": f"{free / _GIB:,.1f}"}
    if free >= _LITTLE:
        yield Finding("disk", "ok", _("%(free)s GiB are free where the data lie.") % told)
        return
    yield Finding(
        "disk", "error" if free < _TOO_LITTLE else "warning", _("Only %(free)s GiB are free where the data lie.") % told,
        _("Make room: a full disk stops the database."),
    )  # fmt: skip


def static_files(now: int) -> Iterator[Finding]:
    """The pages' files are those of this version."""
    if serving.static_is_current():
        yield Finding("static", "ok", _("The pages' files are those of this version."))
    else:
        yield Finding(
            "static", "warning", _("The pages' files are missing or those of another version."),
            _("Run “fugong upgrade”; “fugong up” collects them too."),
        )  # fmt: skip


def fonts(now: int) -> Iterator[Finding]:
    """The font of printed documents is there: without it, names would be left out of them."""
    missing = [path for path in (_FONT, _FONT.with_name("coverage.txt")) if not path.is_file()]
    if missing:
        yield Finding(
            "fonts", "error", _("The font of printed documents is missing (%(path)s).") % {"path": missing[0]},
            _("Install Fugong again: it comes with the package."),
        )  # fmt: skip
    else:
        yield Finding("fonts", "ok", _("The font of printed documents is there."))
