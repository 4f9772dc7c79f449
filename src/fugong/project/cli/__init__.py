"""The command ``fugong``: one module a subcommand, loaded only when it is called, in the language of the environment."""

from __future__ import annotations

import gettext
import os
import sys
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from fugong.base.logs import quiet_hooks

LOCALE = Path(__file__).resolve().parent.parent / "locale"
COMMANDS = (
    "up", "demo", "import", "evaluate", "protocol", "clearance", "report", "audit",
    "serve", "steward", "check", "backup", "restore", "upgrade", "key", "keys", "login", "notices",
)  # fmt: skip
STARTING = {"up", "demo", "restore"}  # these make what is not there yet
WITHOUT_TABLES = {*STARTING, "check", "upgrade"}  # these say more of a database without tables than that it is empty
WITHOUT_DATABASE = {"evaluate", "protocol"}
ON_PAPER = (["key", "backup"], ["key", "restore"])  # a key's copy needs no database; there may be none yet


def language() -> str:
    """The language that the environment asks for: ``zh-hans`` or ``en``."""
    for name in ("FUGONG_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh-hans" if value.lower().startswith("zh") else "en"
    return "en"


def main() -> None:
    """The entry point: whatever goes wrong is one message and exit code 2, never a traceback."""
    quiet_hooks()
    arguments = sys.argv[1:]
    _take_data_folder(arguments)
    if arguments[:1] == ["demo"]:
        os.environ["FUGONG_DEMO"] = "1"  # before settings are read: every page of a demo says that it is one
    _speak_to_click()
    missing = _needs_database(arguments) and arguments[0] not in STARTING and not _is_there()
    failure = _open_database() if _needs_database(arguments) and not missing else None
    if missing or failure or not _needs_database(arguments):
        _setup_without_database()
    from django.utils import translation

    translation.activate(language())
    from fugong.project.cli.root import database_failed, nothing_there, run

    if missing:
        nothing_there()
    if failure:
        database_failed(failure)
    run(needs_tables=_needs_database(arguments) and arguments[0] not in WITHOUT_TABLES)


def _take_data_folder(arguments: list[str]) -> None:
    """``--data DIR`` decides which database to open, so it is read before everything else."""
    for position, argument in enumerate(arguments):
        if argument == "--data" and position + 1 < len(arguments):
            os.environ["FUGONG_DATA"] = arguments[position + 1]
        elif argument.startswith("--data="):
            os.environ["FUGONG_DATA"] = argument.removeprefix("--data=")


def _speak_to_click() -> None:
    domain = "click" if language() == "zh-hans" else "untranslated"
    gettext.bindtextdomain(domain, str(LOCALE))
    gettext.textdomain(domain)
    os.environ["LANGUAGE"] = "zh_Hans" if language() == "zh-hans" else "en"


def _needs_database(arguments: list[str]) -> bool:
    if not arguments or arguments[0] not in COMMANDS or arguments[0] in WITHOUT_DATABASE or arguments[:2] in ON_PAPER:
        return False
    return "--help" not in arguments


def _is_there() -> bool:
    """Whether there is a database to open: reading something makes nothing."""
    from fugong.base import environment

    return environment.database_url() is not None or (environment.data_folder() / "postgres").exists()


def _setup_without_database() -> None:
    """Enough of Django for translated messages: no database, no keys, no files made."""
    import django
    from django.conf import settings

    settings.configure(
        USE_I18N=True, LANGUAGE_CODE="zh-hans", LANGUAGES=[("zh-hans", "中文"), ("en", "English")], USE_TZ=True,
        TIME_ZONE=os.environ.get("FUGONG_TIME_ZONE", "Asia/Shanghai"), SECRET_KEY="unused",
        LOCALE_PATHS=[str(path) for path in LOCALE.parent.parent.glob("*/locale")],
    )  # fmt: skip
    django.setup()


def _open_database() -> str | None:
    """Start or join the database and bring Django up; returns what went wrong, if anything did."""
    from fugong.project import embedded

    try:
        embedded.ensure_database_url()
    except embedded.EmbeddedError as error:
        return str(error)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
    import django

    try:
        django.setup()
    except (ValueError, ImproperlyConfigured) as error:  # a setting that is wrong
        _refuse_settings(str(error))
    return None


def _refuse_settings(reason: str) -> NoReturn:
    """Say which setting is wrong: nothing else can be done, translated messages of Django's included."""
    words = "环境变量设置有误：" if language() == "zh-hans" else "A setting of the environment is wrong: "
    sys.stderr.write(f"{words}{reason}\n")
    sys.exit(2)
