"""The head of the chain goes outside once a day: whoever can rewrite the whole database can't rewrite what was sent.

``FUGONG_AUDIT_MAIL``  addresses, separated by commas
``FUGONG_AUDIT_POST``  an address (https, or http on this machine) that takes a JSON document by POST
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from fugong.audit.services import Head, head
from fugong.base import environment

_PATIENCE = 20  # seconds
_HERE = {"127.0.0.1", "::1", "localhost"}


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """Where the receiver sends us elsewhere the head doesn't follow: elsewhere need not be https."""

    def redirect_request(self, *_given: object) -> None:
        """Nowhere; the answer then counts as a failure."""


def addresses() -> list[str]:
    """To whom the head is mailed."""
    return [one.strip() for one in environment.text("FUGONG_AUDIT_MAIL", "").split(",") if one.strip()]


def receiver() -> str:
    """The address to which the head is posted; empty when there is none."""
    return environment.text("FUGONG_AUDIT_POST", "")


def send() -> Mapping[str, int]:
    """Send the head to wherever it is to go; returns how many were mailed and posted.

    Raises OSError (of which ``smtplib.SMTPException`` and ``urllib.error.URLError`` are kinds) when one can't be
    reached, and ValueError for an address that is not https, unless it is on this machine.
    """
    found = head()
    if found is None:
        return {"mailed": 0, "posted": 0}
    mailed, posted = len(addresses()), int(bool(receiver()))
    if posted:
        _post(found)
    if mailed:
        _mail(found)
    return {"mailed": mailed, "posted": posted}


def _post(found: Head) -> None:
    address = urlsplit(receiver())
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _HERE):
        raise ValueError("FUGONG_AUDIT_POST must begin with https:// (http:// only for this machine)")
    told = {"head": str(found), "sealed_at": found.sealed_at.isoformat()}
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked, the address is the operator's own
        receiver(), json.dumps(told).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.build_opener(_NoDetours).open(request, timeout=_PATIENCE):
        pass


def _mail(found: Head) -> None:
    text = _(
        "Keep this message where nobody who administers the database can change it.\n\n%(head)s\n\n"
        "To verify the audit against it: fugong audit verify --head %(head)s"
    )
    send_mail(
        _("Fugong: head %(number)s of the audit") % {"number": found.number}, text % {"head": found}, None, addresses()
    )
