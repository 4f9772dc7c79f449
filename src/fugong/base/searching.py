"""Searching for people: what somebody types is a name or a number, so it travels by POST and stands in no address.

The list that follows has an address with a token, which means the text in this session only: pages, links back and the
browser's history work as with any address, and tell nobody anything.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from cryptography.exceptions import InvalidTag
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.http import urlencode

from fugong.base import personal

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

TOKEN = "s"
_FIELD, _KEY = "q", "searches"
_KEPT = 20
_LONGEST = 200


def searched(*filters: str) -> Callable[[View[P]], View[P]]:
    """A list of people with a search field ``q``: a POST leads to the address of its result; the view asks `text`.

    Of the form's other fields only ``filters`` stand in that address. Below `access.requires`, which asks who may search.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            chosen = {name: request.POST[name] for name in filters if request.POST.get(name)}
            return HttpResponseRedirect(address(request, request.path, request.POST.get(_FIELD, ""), **chosen))

        return answered

    return decorate


def text(request: HttpRequest) -> str:
    """For what a list is searched; empty without a search, and in a session that never asked for it."""
    kept = request.session.get(_KEY, {}).get(request.GET.get(TOKEN, ""))
    if kept is None:
        return ""
    try:
        return personal.decrypt(b64decode(kept))
    except InvalidTag:  # kept under a key that is gone
        return ""


def address(request: HttpRequest, path: str, typed: str, **others: str) -> str:
    """The address of a list searched for a text, in this session; without a text, of the whole list."""
    wanted = " ".join(typed.replace("\0", "").split())[:_LONGEST]
    query = {**others, TOKEN: _keep(request, wanted)} if wanted else others
    return f"{path}?{urlencode(query)}" if query else path


def _keep(request: HttpRequest, wanted: str) -> str:
    """Remember a text, encrypted, in the session; returns its token. The oldest of many is forgotten."""
    token = personal.digest("search", wanted).hex()
    kept = {name: value for name, value in request.session.get(_KEY, {}).items() if name != token}
    newest = [*kept.items(), (token, b64encode(personal.encrypt(wanted)).decode())][-_KEPT:]
    request.session[_KEY] = dict(newest)
    return token
