"""The garbage collector of a process that serves, or that makes a great many objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import get_resolver


def settle() -> None:
    """What the program consists of stays until the end: it is loaded before the first request, and not looked through again.

    Looking through all of it takes a tenth of a second and more, each time while somebody waits for a page.
    """
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


@contextmanager
def seldom() -> Iterator[None]:
    """Meanwhile garbage is looked for seldom: bringing tables up to date makes all models again with every step.

    A third of the time of an installation's first start was spent on it; without any collection it takes 500 MB.
    """
    thresholds = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
