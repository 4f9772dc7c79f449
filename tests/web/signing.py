"""What tests of signing in share: passwords and codes that pages show, and trying them."""

from __future__ import annotations

import re
from uuid import UUID

from django.test import Client

from fugong.registry.models import Document


def shown(page: str) -> str:
    """The password that a page shows."""
    found = re.search(r'<code translate="no">([a-z2-9-]{14})</code>', page)
    assert found, page
    return found[1]


def codes(page: str) -> list[str]:
    """The one-time codes of a page of slips."""
    return re.findall(r'<code translate="no">([a-z2-9]{5}-[a-z2-9]{5})</code>', page)


def can_sign_in(username: str, password: str) -> bool:
    return Client().post("/login/", {"username": username, "password": password}).status_code == 302


def tail(worker: UUID) -> str:
    return Document.objects.get(worker=worker).tail
