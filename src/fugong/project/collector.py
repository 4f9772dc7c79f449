"""The garbage collector of a process that serves."""

from __future__ import annotations

import gc

from django.urls import get_resolver


def settle() -> None:
    """What the program consists of stays until the end: it is loaded before the first request, and not looked through again.

    Looking through all of it takes a tenth of a second and more, each time while somebody waits for a page.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
