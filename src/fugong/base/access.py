"""Who may: the guard before every page, and the actor of a request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from fugong.base.models import User
from fugong.base.roles import Right

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def actor(request: HttpRequest) -> User:
    """The signed-in user of a request. Raises PermissionDenied for nobody."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead to the sign-in page; a part of a page that renews itself takes the whole page there."""
    here = request.headers.get("HX-Current-URL")
    if here is None:
        return redirect_to_login(request.get_full_path())
    parts = urlsplit(here)
    answer = redirect_to_login(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return HttpResponse(headers={"HX-Redirect": answer.url})


def requires(*rights: Right) -> Callable[[View[P]], View[P]]:
    """A page for those who have at least one of these rights; others are asked to sign in, or refused."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            if not any(actor(request).may(right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def within_scope(user: User, enterprise_ids: set[object]) -> None:
    """What isn't yours looks as if it didn't exist: raises Http404 unless one of the enterprises is in scope."""
    if user.role.scope != "town" and user.scope_id not in enterprise_ids:
        raise Http404


def needs(request: HttpRequest, *rights: Right) -> User:
    """The actor, who must have at least one of these rights. Raises PermissionDenied otherwise. For the API."""
    user = actor(request)
    if not any(user.may(right) for right in rights):
        raise PermissionDenied
    return user
