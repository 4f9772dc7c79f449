"""Bring the message catalogues up to date: ``python tools/messages.py [app …]``; needs GNU gettext.

Collects what the named apps (default: all) say, keeps what is translated, compiles, and lists what still has no Chinese.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "fugong"
APPS = sorted(path.parent.name for path in PACKAGE.glob("*/apps.py"))


def collect(app: str) -> Path:
    """Run Django's makemessages in an app's folder."""
    folder = PACKAGE / app
    (folder / "locale").mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "zh_Hans", "--no-location", "--no-obsolete", "-v", "0"],
        cwd=folder, check=True, env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
    )  # fmt: skip
    return folder / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def main(apps: list[str]) -> int:
    missing = 0
    for app in apps or APPS:
        catalogue = collect(app)
        if not catalogue.exists():
            continue
        subprocess.run(
            ["msgfmt", "--check-format", "--check-domain", "-o", catalogue.with_suffix(".mo"), catalogue], check=True
        )
        listed = subprocess.run(
            ["msgattrib", "--untranslated", "--no-wrap", catalogue], check=True, capture_output=True, text=True
        ).stdout
        fuzzy = subprocess.run(
            ["msgattrib", "--only-fuzzy", "--no-wrap", catalogue], check=True, capture_output=True, text=True
        ).stdout
        for line in (listed + fuzzy).splitlines():
            if line.startswith("msgid ") and line != 'msgid ""':
                print(f"{app}: {line}")
                missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
