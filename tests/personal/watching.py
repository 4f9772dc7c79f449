"""What is written, and what an answer shows beside its page: searched for the marker."""

from __future__ import annotations

import io
from urllib.parse import quote, quote_plus

from django.contrib.messages import get_messages

from personal.planting import MARKERS

REFUSED = {400, 403, 404, 405, 409, 429, 500, 503}
FORMS = {one: {one, quote(one), quote_plus(one), ascii(one)[1:-1]} for one in MARKERS}


def found_in(text: str) -> list[str]:
    """The markers in a text, however they are written."""
    return [marker for marker, forms in FORMS.items() if any(form in text for form in forms)]


class Written:
    """Everything that the loggers write, at DEBUG, as this installation formats it."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()


def look_at(answer, route: object) -> None:
    """Headers of every answer, and pages of those who are refused."""
    for name, value in answer.headers.items():
        assert not found_in(value), (route, name)
    for cookie in answer.cookies.values():
        assert not found_in(cookie.OutputString()), (route, cookie.key)
    if answer.status_code in REFUSED:
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert not found_in(body.decode(errors="replace")), (route, answer.status_code)
    request = getattr(answer, "wsgi_request", None)
    if request is not None and hasattr(request, "_messages"):
        assert not found_in(" ".join(str(message) for message in get_messages(request))), route
