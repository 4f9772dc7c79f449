"""Behind a reverse proxy: from where a request really came, and whether it came by HTTPS.

What ``X-Forwarded-For`` and ``X-Forwarded-Proto`` say is believed only of the proxies that ``FUGONG_PROXY`` names; from
anybody else these headers are thrown away. So the audit's origin and the limits of sign-in can't be forged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Network = IPv4Network | IPv6Network
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT", "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
)  # fmt: skip


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, separated by commas. Raises ValueError for what is neither."""
    try:
        return tuple(ip_network(one.strip(), strict=False) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise ValueError(f"FUGONG_PROXY: {error}") from None


class BehindProxy:
    """Put the visitor's own address and scheme where everything else looks for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        settle(request.META)
        return self.get_response(request)


def settle(meta: dict[str, Any]) -> None:
    """Put the visitor's own address and scheme into a request's environment, as far as our own proxies say them."""
    told = {name: meta.pop(name, "") for name in _FORWARDED}
    trusted = settings.FUGONG_PROXIES
    if trusted and _among(meta.get("REMOTE_ADDR", ""), trusted):
        meta["REMOTE_ADDR"] = origin(meta["REMOTE_ADDR"], told["HTTP_X_FORWARDED_FOR"], trusted)
        if told["HTTP_X_FORWARDED_PROTO"].strip().lower() == "https":
            meta["wsgi.url_scheme"] = "https"


def origin(remote: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """The nearest address before our own proxies: what stands further left in ``forwarded`` anybody can have written."""
    found = remote
    for entry in reversed(forwarded.split(",")):
        address = _address(entry)
        if address is None:
            return found
        found = str(address)
        if not _among(found, trusted):
            return found
    return found


def _among(text: str, trusted: Iterable[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
