"""Error pages are our own, also where settings.DEBUG is on: Django's would show every variable, and what an exception says.

A developer reads where something failed, and the kind of failure, below the page's words; anybody's values nobody reads.
"""

from __future__ import annotations

from http import HTTPStatus
from types import TracebackType

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views import debug
from django.views.defaults import page_not_found

from fugong.base.logs import places


class Reporter(debug.ExceptionReporter):
    """What Django shows of an exception while DEBUG is on: our page, with the places that it went through."""

    def __init__(
        self,
        request: HttpRequest | None,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
        is_email: bool = False,
    ) -> None:
        super().__init__(request, exc_type, exc_value, tb, is_email)
        self._places = places(exc_value) if exc_value is not None else ""

    def get_traceback_html(self) -> SafeString:
        """The page of a failure, or of a request that makes no sense."""
        theirs = isinstance(self.exc_value, BadRequest | SuspiciousOperation)
        return render_to_string("400.html" if theirs else "500.html", {"places": self._places})

    def get_traceback_text(self) -> SafeString:
        """The same for programs."""
        return SafeString(f"{HTTPStatus.INTERNAL_SERVER_ERROR.phrase}\n{self._places}\n")  # plain text, not markup


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Our page, where Django would list every address and what the exception says."""
    return page_not_found(request, exception)


def keep_ours() -> None:
    """Let Django show our pages while DEBUG is on too; it has a setting for failures and none for what isn't there."""
    debug.technical_404_response = not_found
