"""Behind a reverse proxy: only our own proxies are believed, and a visitor's own words never."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from fugong.project import proxy

OURS = proxy.networks("127.0.0.1, 10.1.0.0/16, fd00::/8")
VISITOR, FORGED = "192.168.7.31", "8.8.8.8"


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        ("127.0.0.1", VISITOR, VISITOR),
        ("127.0.0.1", f"{FORGED}, {VISITOR}", VISITOR),
        ("127.0.0.1", f"{FORGED}, {VISITOR}, 10.1.2.3", VISITOR),
        ("::ffff:127.0.0.1", VISITOR, VISITOR),
        ("fd00::5", "[2001:db8::9]", "2001:db8::9"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", f"{VISITOR}, unknown", "127.0.0.1"),
        (VISITOR, FORGED, VISITOR),
        ("", FORGED, ""),
    ],
)
def test_the_origin_is_the_nearest_address_before_our_proxies(settings, remote, forwarded, found):
    settings.FUGONG_PROXIES = OURS
    seen: list[HttpRequest] = []
    layer = proxy.BehindProxy(lambda request: seen.append(request) or HttpResponse())
    layer(RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded, HTTP_X_REAL_IP=FORGED))
    assert seen[0].META["REMOTE_ADDR"] == found
    assert not [name for name in seen[0].META if "FORWARDED" in name or "REAL_IP" in name]


@pytest.mark.parametrize(("remote", "told", "secure"), [
    ("127.0.0.1", "https", True), ("127.0.0.1", "http", False), ("127.0.0.1", "", False), (VISITOR, "https", False),
])  # fmt: skip
def test_https_is_believed_of_our_proxies_only(settings, remote, told, secure):
    settings.FUGONG_PROXIES = OURS
    seen: list[bool] = []
    layer = proxy.BehindProxy(lambda request: seen.append(request.is_secure()) or HttpResponse())
    layer(RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_PROTO=told))
    assert seen == [secure]


def test_without_a_proxy_nobody_is_believed(settings):
    settings.FUGONG_PROXIES = ()
    seen: list[HttpRequest] = []
    layer = proxy.BehindProxy(lambda request: seen.append(request) or HttpResponse())
    layer(
        RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=FORGED, HTTP_X_FORWARDED_PROTO="https")
    )
    assert (seen[0].META["REMOTE_ADDR"], seen[0].is_secure()) == ("127.0.0.1", False)


def test_what_is_no_address_is_refused_at_the_start():
    with pytest.raises(ValueError):
        proxy.networks("127.0.0.1, the proxy")
