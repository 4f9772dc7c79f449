"""The registry's encrypted columns."""

from __future__ import annotations

from fugong.base.holdings import Holding
from fugong.registry.documents import document_digest, phone_digest

HOLDINGS = [
    Holding("registry_document", "encrypted", digest="digest", beside=("type",), digest_of=document_digest),
    Holding(
        "registry_worker", "phone_encrypted", key="subject_id", digest="phone_digest", digest_of=phone_digest
    ),
    Holding("registry_upload", "content", large=True),
    Holding("registry_paper", "encrypted", large=True),
]  # fmt: skip
