"""The garbage collector of a process that serves."""

from __future__ import annotations

import os
import subprocess
import sys


def test_what_a_serving_process_has_loaded_is_not_looked_through_again():
    said = "import django, gc; django.setup(); import fugong.project.wsgi; print(gc.get_freeze_count(), len(gc.get_objects()))"
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "fugong.project.settings"}
    answer = subprocess.run(
        [sys.executable, "-c", said], env=surroundings, capture_output=True, text=True, check=True
    ).stdout
    frozen, others = map(int, answer.split())
    assert frozen > 10 * others
