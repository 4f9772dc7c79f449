"""Walking the pages as a role does: every link, every form sent empty; and what a page says to a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

_SILENT = {"script", "style", "svg"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SPOKEN = ("placeholder", "title", "aria-label", "alt", "content", "label")
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST_OF_A_KIND = 3


@dataclass
class Page(HTMLParser):
    """What a page says, where it leads, and its forms."""

    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    forms: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, bool]] = []

    @property
    def _silent(self) -> bool:
        """Inside a script, or inside what the page itself declares to be data (``translate="no"``)."""
        return any(silent for _tag, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append((tag, tag in _SILENT or given.get("translate") == "no"))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action", ""), {}))
        if tag == "input" and self.forms and given.get("type") == "hidden" and given.get("name"):
            self.forms[-1][2][given["name"]] = given.get("value", "")
        if tag == "script" and given.get("src"):
            self.assets.append(given["src"])
        if tag == "link" and "stylesheet" in given.get("rel", ""):
            self.assets.append(given["href"])
        if self._silent or given.get("translate") == "no":
            return
        if tag == "meta" and given.get("name") not in {"description"}:
            return
        self.texts.extend(given[name] for name in _SPOKEN if given.get(name))
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            self.texts.append(given.get("value", ""))
        self.texts.extend(value for name, value in given.items() if name.startswith("data-") and " " in value)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(data.strip())


def read(html: str) -> Page:
    """A page taken apart."""
    page = Page()
    page.feed(html)
    return page


def search(client: Client, path: str, text: str, **filters: str) -> str:
    """The list that a search leads to."""
    answer = client.post(path, {"q": text, **filters}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def kind_of(path: str) -> str:
    """A path without its identifiers and query."""
    return _IDENTIFIER.sub("‹id›", urlsplit(path).path)


def walk(
    client: Client, start: str = "/", *, forms: bool = True, most: int = MOST_OF_A_KIND
) -> Iterator[tuple[str, str, Page]]:
    """Every page that links lead to (at most ``most`` of a kind) and every form sent empty: (address, how, page)."""
    seen: dict[str, int] = {}
    done: set[str] = set()
    queue = [start]
    while queue:
        path = queue.pop(0)
        kind = kind_of(path)
        if path in done or seen.get(kind, 0) >= most or not path.startswith("/") or "/logout" in path:
            continue
        done.add(path)
        seen[kind] = seen.get(kind, 0) + 1
        response = client.get(path, follow=True)
        assert response.status_code < 500, path
        if not response.get("Content-Type", "").startswith("text/html") or path.startswith(("/static/", "/api/")):
            continue
        page = read(response.content.decode())
        yield path, "get", page
        here = response.request["PATH_INFO"]
        queue.extend(urljoin(here, link) for link in page.links if not link.startswith(("#", "mailto:")))
        if forms:
            yield from _send_empty(client, here, page)


def _send_empty(client: Client, here: str, page: Page) -> Iterator[tuple[str, str, Page]]:
    for method, action, hidden in page.forms:
        if method != "post" or "/logout" in action or "/language" in action:
            continue
        response = client.post(urljoin(here, action) if action else here, hidden, follow=True)
        assert response.status_code < 500, (here, action)
        if response.get("Content-Type", "").startswith("text/html"):
            yield here, f"post {action}", read(response.content.decode())
