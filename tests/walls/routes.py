"""Every address of the application with its methods, from the URL conf and from the API's own table; nothing by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from fugong.project.api import api

_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
API = "api/v1/"
IDS = {
    "enterprise", "worker", "door", "check", "upload", "login", "request", "evidence", "act", "session", "adoption",
    "review", "document", "site", "device", "visit", "badge", "place", "stay", "trip", "campaign", "case", "task",
    "station", "order", "tube", "file", "row", "plan", "notice", "attachment", "channel", "filing", "room",
    "cleaning", "measure", "claim", "signed", "layout", "team", "patch", "problem", "call", "picture", "paper",
}  # fmt: skip
"""The parameters of addresses that are somebody's ids."""


@dataclass(frozen=True)
class Route:
    """An address as the URL conf writes it, and the methods under which it is asked: pages always both."""

    pattern: str
    methods: tuple[str, ...]

    @property
    def of_api(self) -> bool:
        return self.pattern.startswith(API)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, without the ``_id`` that some have."""
        return tuple(found["name"].removesuffix("_id") for found in _PARAMETER.finditer(self.pattern))

    @property
    def ids(self) -> tuple[str, ...]:
        """Those of them that are ids."""
        return tuple(name for name in self.parameters if name in IDS)

    def path(self, given: Mapping[str, object]) -> str:
        """The address with its parameters filled in."""
        return "/" + _PARAMETER.sub(lambda found: str(given[found["name"].removesuffix("_id")]), self.pattern)

    def matches(self, path: str) -> bool:
        """Whether an address is one of this route's."""
        pattern = _PARAMETER.sub("[^/]+", self.pattern.replace(".", r"\."))
        return re.fullmatch("/" + pattern, path) is not None


def routes() -> list[Route]:
    """Every route of the application."""
    methods = _methods_of_api()
    patterns = dict.fromkeys(_patterns(get_resolver()))
    return [Route(one, methods.get(one, ("GET", "POST"))) for one in patterns]


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


def _methods_of_api() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            pattern = API + (prefix + path).strip("/").replace("{", "<").replace("}", ">")
            for operation in view.operations:
                found.setdefault(pattern, set()).update(operation.methods)
    return {pattern: tuple(sorted(methods)) for pattern, methods in found.items()}
