"""Lists a page at a time."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

SIZE = 25


def page_of(request: HttpRequest, rows: Any, size: int = SIZE) -> Page[Any]:
    """The page of ``rows`` (a sequence or an ordered queryset) that ``?page=`` asks for; the nearest there is."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
