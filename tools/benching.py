"""What the measurements of the whole stack share: a database of their own, and the town of the tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal


def prepare(folder: Path, *, afterwards: Literal["stop", "delete"] = "delete") -> str:
    """A database in ``folder``, migrated by its owner and served by the login that owns nothing; returns the superuser's.

    It is embedded and ends with this process; ``afterwards`` says whether its data go too. The tests' modules
    (``builders``) can be imported then.
    """
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
    os.environ["FUGONG_DATA"] = str(folder)
    os.environ["FUGONG_MASTER_KEY"] = "5e" * 32
    os.environ["DJANGO_SETTINGS_MODULE"] = "fugong.project.settings"
    from fugong.project import embedded, logins

    superuser = embedded.start(folder / "postgres", afterwards=afterwards)
    os.environ["DATABASE_URL"], os.environ["FUGONG_OWNER_URL"] = logins.make(superuser)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from fugong.base import walls

    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    call_command("migrate", database="owner", verbosity=0)
    walls.apply(connections["owner"], logins.SERVING)
    return superuser
