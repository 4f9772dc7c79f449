"""Errors of the HTTP API as problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

KIND = "application/problem+json"
TITLES = {
    400: _("The request cannot be understood"),
    401: _("Please sign in"),
    403: _("Your role does not allow this"),
    404: _("There is nothing here"),
    405: _("This address does not take such a request"),
    409: _("This contradicts what is already here"),
    413: _("The request is too large"),
    422: _("The input is wrong"),
    429: _("Too often: wait a while"),
    500: _("Something went wrong on our side"),
}


def problem(
    status: int,
    *,
    detail: str = "",
    code: str = "",
    errors: Sequence[dict[str, Any]] = (),
    instance: str = "",
    title: str = "",
) -> HttpResponse:
    """A problem document: what is wrong, where (``errors``), and a stable ``code``."""
    body: dict[str, Any] = {"type": "about:blank", "title": title or str(TITLES.get(status, status)), "status": status}
    for name, value in (("detail", detail), ("code", code), ("errors", list(errors)), ("instance", instance)):
        if value:
            body[name] = value
    return JsonResponse(body, status=status, content_type=KIND, json_dumps_params={"ensure_ascii": False})


def of(request: HttpRequest, status: int, **named: Any) -> HttpResponse:
    """A problem document about a request."""
    return problem(status, instance=request.path, **named)
