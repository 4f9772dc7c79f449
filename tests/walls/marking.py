"""The mark of a demo: on every page, whoever gets it, answered or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpResponseBase

from walls.routes import Route

MARK = '<p class="fg-demo" data-say="demo">演示：'
PARTS = {
    "enterprises/<uuid:enterprise_id>/lapsing/": "loaded into the enterprise's page",
    "enterprises/<uuid:enterprise_id>/register/<uuid:worker_id>/": "loaded into the register",
    "doors/<uuid:door_id>/found/": "loaded into the door's page",
    "waiting/told/": "loaded into whichever page an approver has open",
}
"""What is no page by itself."""


def _pages(answer: HttpResponseBase) -> Iterator[str]:
    """The text of an answer that a browser shows as a page."""
    if answer.get("Content-Type", "").startswith("text/html"):
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if body:
            yield body.decode()


def unmarked(route: Route, answer: HttpResponseBase, town: str) -> list[str]:
    """What is wrong with the mark on the page that this answer is: that it is missing, or names another town."""
    found = []
    for page in _pages(answer):
        whole = re.search("<!doctype html>", page, re.IGNORECASE)
        says = MARK in page if route.pattern != "api/v1/docs" else "(演示)" in page
        if not says and (whole or answer.status_code != 200 or route.pattern not in PARTS):
            found.append(f"doesn't say that it is a demo: {page[:80]}")
        if not set(re.findall('<span class="fg-brand-town">(.*?)</span>', page)) <= {town}:
            found.append("calls the town something else")
    return found
