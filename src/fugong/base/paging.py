"""Lists a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

SIZE = 25


class Some:
    """``number`` rows of which only a page at a time is made, by ``rows(limit, offset)``."""

    ordered = True

    def __init__(self, number: int, rows: Callable[[int, int], Sequence[Any]]) -> None:
        self._number, self._rows = number, rows

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, which: slice) -> Sequence[Any]:
        return self._rows(which.stop - which.start, which.start)


def page_of(request: HttpRequest, rows: Any, size: int = SIZE) -> Page[Any]:
    """The page of ``rows`` (a sequence, an ordered queryset, or `Some`) that ``?page=`` asks for; the nearest there is."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
