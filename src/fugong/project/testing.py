"""A pytest plugin: the suite runs on PostgreSQL, embedded unless ``FUGONG_TEST_DATABASE_URL`` names another server.

That one names a superuser's login; the suite itself serves as ``fugong_app``, as everybody does.

Of several parallel processes each has a server of its own, for transactions of one database keep the audit of every
database of their server waiting: embedded ones, or those that ``FUGONG_TEST_DATABASE_URL_2``, ``…_3`` name beside the first.
Where these aren't given, all share the first.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import psycopg
import pytest

from fugong.project import embedded, logins

_SUPERUSER = "FUGONG_TEST_SUPERUSER_URL"
_HASTE = ("fsync", "synchronous_commit", "full_page_writes")
"""What keeps data when the power fails: these needn't be kept."""


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before Django reads its settings: a database server, and a data folder that goes away."""
    if "FUGONG_TEST_READY" in os.environ:  # a parallel process inherits what the controller prepared
        _serve(os.environ.get(f"{_SUPERUSER}_{_number(os.environ.get('PYTEST_XDIST_WORKER', ''))}"))
        return
    folder = Path(tempfile.mkdtemp(prefix="fugong-test-"))
    (folder / "static").mkdir()
    os.environ["FUGONG_DATA"] = str(folder)
    os.environ["FUGONG_MASTER_KEY"] = "5e" * 32
    for name in ("LC_ALL", "LANGUAGE"):
        os.environ.pop(name, None)
    _serve(os.environ.get("FUGONG_TEST_DATABASE_URL") or _embedded(folder / "postgres"))
    os.environ["FUGONG_TEST_READY"] = "1"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[object]) -> None:
    """Before parallel processes start: a server for each but the first, which has the one that runs already."""
    given = "FUGONG_TEST_DATABASE_URL"
    for number in range(2, len(specs) + 1):
        if given not in os.environ:
            os.environ[f"{_SUPERUSER}_{number}"] = _embedded(Path(os.environ["FUGONG_DATA"]) / f"postgres-{number}")
        elif f"{given}_{number}" in os.environ:
            os.environ[f"{_SUPERUSER}_{number}"] = os.environ[f"{given}_{number}"]


def _number(process: str) -> int:
    """1 for the parallel process ``gw0``, 2 for ``gw1``; 0 for none."""
    found = re.fullmatch(r"gw(\d+)", process)
    return int(found[1]) + 1 if found else 0


def _embedded(folder: Path) -> str:
    address = embedded.start(folder, afterwards="delete")
    with psycopg.connect(address, autocommit=True) as superuser:
        for setting in _HASTE:
            superuser.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        superuser.execute("SELECT pg_reload_conf()")
    return address


def _serve(superuser: str | None) -> None:
    """Let this process use a server, if one is named: its logins, and what says so to the processes that tests start."""
    if superuser is not None:
        os.environ[_SUPERUSER] = superuser
        os.environ["DATABASE_URL"], os.environ["FUGONG_OWNER_URL"] = logins.make(superuser)
