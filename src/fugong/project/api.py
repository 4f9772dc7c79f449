"""The HTTP API: one router an app, signed-in users only, errors as problem documents (RFC 9457)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Refused
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBasicAuth, django_auth

from fugong import __version__
from fugong.base import access, problems
from fugong.base.faults import Fault
from fugong.base.middleware import purpose_of
from fugong.base.signin.rules import password_only
from fugong.clearance.api import router as clearance
from fugong.core.text import CoreError
from fugong.doors.api import router as doors
from fugong.doors.api_devices import router as devices
from fugong.doors.authentication import NotBelievedError, Signature, Token
from fugong.redress.api import router as redress
from fugong.registry.api import router as registry
from fugong.registry.reveal.api import router as reveal
from fugong.reports.api import router as reports
from fugong.teams.api import router as visits


class Password(HttpBasicAuth):
    """Name and password with every request (over HTTPS), for programs.

    The same lock-out holds as on the sign-in page. A login with a second step is for people: a password alone doesn't
    open it here either, nor one that still has to be changed.
    """

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Any:
        if "\0" in username + password:
            return None
        try:
            user = get_adapter(request).authenticate(request, username=username, password=password)
        except Refused:
            return None
        if user is None or not user.is_active or not password_only(user):
            return None
        request.user = user
        origin = request.META.get("REMOTE_ADDR", "")
        access.switch(access.as_user(user, purpose=purpose_of(request), origin=origin))
        return user


class _Api(NinjaAPI):
    """The API; a demo's says so in its title."""

    @property
    def title(self) -> str:
        """What its documentation is called, on the page and in the OpenAPI document."""
        return " ".join((self._title, _("(demo)"))) if settings.DEMO else self._title

    @title.setter
    def title(self, value: str) -> None:
        self._title = value


api = _Api(
    title="Fugong API",
    version=__version__,
    description="Who may board, enter and work, until when, and why not; facts in, clearances and figures out.",
    urls_namespace="api",
    docs_url="/docs",
    openapi_url="/openapi.json",
    # Programs and devices first: forged requests can only ride on a browser's cookie.
    auth=[Signature(), Token(), Password(), django_auth],
)
api.add_router("", clearance, tags=["clearance"])
api.add_router("", doors, tags=["doors"])
api.add_router("", devices, tags=["doors"])
api.add_router("", redress, tags=["one's own file and requests"])
api.add_router("", reports, tags=["reports"])
api.add_router("", registry, tags=["rosters and facts"])
api.add_router("", reveal, tags=["numbers"])
api.add_router("", visits, tags=["visits"])


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"at": [str(part) for part in e["loc"]], "code": e["type"], "message": e["msg"]} for e in error.errors]
    return problems.of(request, 422, detail=_("Some values are missing or wrong."), code="invalid", errors=errors)


@api.exception_handler(AuthenticationError)
def _anonymous(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problems.of(request, 401, code="not_signed_in")
    response["WWW-Authenticate"] = 'Basic realm="Fugong"'
    return response


@api.exception_handler(NotBelievedError)
def _not_believed(request: HttpRequest, error: NotBelievedError) -> HttpResponse:
    return problems.of(request, 401, detail=error.fault.message, code=error.fault.code)


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problems.of(request, 403, code="not_allowed")


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.of(request, 404, code="not_found")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403 and "CSRF" in str(error):
        detail = _("A browser's session must send the page's token (X-CSRFToken); a program sends name and password.")
        return problems.of(request, 403, title=_("The page's token is missing"), detail=detail, code="csrf")
    return problems.of(request, error.status_code, detail=str(error))


@api.exception_handler(Fault)
def _refused(request: HttpRequest, error: Fault) -> HttpResponse:
    errors = [{"at": [error.field], "code": error.code, "message": error.message}] if error.field else []
    return problems.of(request, 422, detail=error.message, code=error.code, errors=errors)


@api.exception_handler(CoreError)
def _core(request: HttpRequest, error: CoreError) -> HttpResponse:
    return problems.of(request, 422, detail=error.text(request.LANGUAGE_CODE), code="core")


@api.exception_handler(IntegrityError)
def _contradiction(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    return problems.of(request, 409, code="contradiction")
