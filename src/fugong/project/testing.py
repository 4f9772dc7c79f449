"""A pytest plugin: the suite runs on PostgreSQL, embedded unless ``FUGONG_TEST_DATABASE_URL`` names another server.

That one names a superuser's login; the suite itself serves as ``fugong_app``, as everybody does.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from fugong.project import embedded, logins


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before Django reads its settings: a database server, and a data folder that goes away."""
    if "FUGONG_TEST_READY" in os.environ:  # a parallel worker inherits what the controller prepared
        return
    folder = Path(tempfile.mkdtemp(prefix="fugong-test-"))
    (folder / "static").mkdir()
    os.environ["FUGONG_DATA"] = str(folder)
    os.environ["FUGONG_MASTER_KEY"] = "5e" * 32
    for name in ("LC_ALL", "LANGUAGE"):
        os.environ.pop(name, None)
    superuser = os.environ.get("FUGONG_TEST_DATABASE_URL") or embedded.start(folder / "postgres", afterwards="delete")
    os.environ["FUGONG_TEST_SUPERUSER_URL"] = superuser
    os.environ["DATABASE_URL"], os.environ["FUGONG_OWNER_URL"] = logins.make(superuser)
    os.environ["FUGONG_TEST_READY"] = "1"
