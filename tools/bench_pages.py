"""Every page of the demo as each role sees it: response times over HTTP on this machine, and the yardstick beside them.

``make bench-pages`` (the demo must have been prepared once: ``make demo``). Requests go to a server that this program
starts on the loopback interface; the yardstick is ``/healthz``, the emptiest page of the same server in the same run.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROUNDS, BOUND = 9, 200.0
PASSWORD = "fugong-demo"
LINK = re.compile(r'href="(/[^"#]*)"')
SKIP = re.compile(r"^/(static|logout|language|api)|/template|\.(xlsx|csv|json)|/export")
PAGES_A_PATTERN = 2


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Browser:
    """One signed-in role."""

    def __init__(self, base: str, role: str) -> None:
        self.base = base
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = self.get("/login/")[1].decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "the sign-in page has no form"
        body = urllib.parse.urlencode(
            {"csrfmiddlewaretoken": token[1], "username": role, "password": PASSWORD, "next": "/"}
        ).encode()
        request = urllib.request.Request(base + "/login/", body, {"Referer": base + "/login/"})
        answer = self.opener.open(request, timeout=30)
        assert "/login" not in answer.geturl(), f"cannot sign in as {role}"

    def get(self, path: str) -> tuple[float, bytes]:
        """Milliseconds to the last byte, and the page."""
        before = time.perf_counter()
        with self.opener.open(self.base + path, timeout=60) as answer:
            page: bytes = answer.read()
        return (time.perf_counter() - before) * 1000, page


def pattern(path: str) -> str:
    """A path without its identifiers, so that two pages of one kind count as one kind."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "‹id›", path.partition("?")[0])


def crawl(browser: Browser) -> list[str]:
    """Every page that this role reaches by links, at most so many of a kind."""
    seen: dict[str, int] = {}
    queue, pages = ["/"], []
    while queue:
        path = queue.pop(0)
        kind = pattern(path)
        if SKIP.search(path) or seen.get(kind, 0) >= PAGES_A_PATTERN or path in pages:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        try:
            _ms, page = browser.get(path)
        except urllib.error.HTTPError as error:
            print(f"  {error.code} {path}", file=sys.stderr)
            continue
        pages.append(path)
        queue.extend(link.replace("&amp;", "&") for link in LINK.findall(page.decode(errors="replace")))
    return pages


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(base: str) -> bool:
    from fugong.base.roles import ROLES

    plain = Browser.__new__(Browser)
    plain.base, plain.opener = base, urllib.request.build_opener()
    yardstick = statistics.median(plain.get("/healthz")[0] for _ in range(50))
    print(f"yardstick: /healthz {yardstick:.1f} ms (median)\n")
    print(f"{'role':20} {'page':60} {'median':>8} {'p95':>8}  ms")
    fine = True
    for role in ROLES:
        browser = Browser(base, role)
        times: dict[str, list[float]] = {}
        for path in crawl(browser):
            times.setdefault(pattern(path), []).extend(browser.get(path)[0] for _ in range(ROUNDS))
        for kind, values in sorted(times.items()):
            p95 = percentile(values, 0.95)
            fine &= p95 <= BOUND
            mark = "" if p95 <= BOUND else "  ← over"
            print(f"{role:20} {kind:60} {statistics.median(values):8.1f} {p95:8.1f}{mark}")
    print(f"\nevery page within {BOUND:.0f} ms at p95: {'yes' if fine else 'no'}")
    return fine


def main() -> int:
    data = Path(os.environ.get("FUGONG_DATA", ".fugong/demo")).resolve()
    if not data.exists():
        print("There is no demo yet: run `make demo` once.", file=sys.stderr)
        return 2
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "fugong", "demo", "--data", str(data), "--port", str(port)], stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(base + "/healthz", timeout=2)
                break
            except OSError:
                time.sleep(0.5)
        return 0 if measure(base) else 1
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    sys.exit(main())
