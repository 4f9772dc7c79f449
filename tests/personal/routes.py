"""Every address of the application, pages and API alike, filled in with what a test has planted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_NOWHERE = UUID("0197a000-0000-7000-8000-000000000000")
_ANYTHING = {"uuid": str(_NOWHERE), "int": "1"}


@dataclass(frozen=True)
class Route:
    """An address as the URL conf writes it, and one that it means."""

    pattern: str
    path: str


def routes(planted: Mapping[str, object]) -> list[Route]:
    """Every route with its parameters filled in by name, or with something that isn't there."""
    return [Route(pattern, "/" + _filled(pattern, planted)) for pattern in dict.fromkeys(_patterns(get_resolver()))]


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


def _filled(pattern: str, planted: Mapping[str, object]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found["name"].removesuffix("_id")
        return str(planted.get(name) or _ANYTHING.get(found["converter"], "x"))

    return _PARAMETER.sub(value, pattern.removesuffix("$"))
