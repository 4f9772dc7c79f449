"""Django's own commands for developers: ``python tools/manage.py makemigrations`` on the embedded database."""

from __future__ import annotations

import os
import sys

from fugong.project import embedded

os.environ.setdefault("FUGONG_DATA", ".fugong/dev")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")

if __name__ == "__main__":
    embedded.ensure_database_url()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
