"""The server reads every pass of the shared vectors as they say; the door app's reader is held to the same file."""

from __future__ import annotations

import json
import os

import pytest

import gatehouse as g
from doors.passes import vectors
from fugong.base import personal
from fugong.doors import passes
from fugong.doors.models import Pass, SigningKey

if os.environ.get("NEW_VECTORS"):
    vectors.write()
VECTORS = json.loads(vectors.FILE.read_text())
pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> None:
    """The keys that a snapshot would have, without private halves, and what was revoked."""
    for key in VECTORS["keys"]:
        public = {part: key[part] for part in ("x", "y") if part in key}
        SigningKey.objects.create(
            kid=key["kid"], algorithm=key["alg"], public=public, private_encrypted=personal.encrypt_bytes(b""),
            created_at=VECTORS["now"] - 90 * vectors.DAY,
            retired_at=None if key["kid"] == vectors.CURRENT.kid or key["alg"] == "EdDSA" else VECTORS["now"] - vectors.DAY,
        )  # fmt: skip
    (worker,) = g.hire(g.plant(), "王小明")
    clerk = g.user("clerk", "town_administrator")
    for name in VECTORS["revoked"]:
        Pass.objects.create(
            id=name, worker_id=worker, kind="badge", key_id=vectors.CURRENT.kid, issued_at=VECTORS["now"] - 60,
            revoked_at=VECTORS["now"] - 30, revoked_by=clerk, reason="lost",
        )  # fmt: skip


@pytest.mark.parametrize("case", VECTORS["cases"], ids=[case["name"] for case in VECTORS["cases"]])
def test_the_server_reads_it_so(case, known):
    read = passes.read(case["text"], now=VECTORS["now"])
    assert read.code == case["code"]
    assert (read.id, read.who, read.issued_at, read.expires_at) == tuple(
        case[name] for name in ("id", "who", "issued_at", "expires_at")
    )


def test_the_file_is_what_its_generator_makes():
    """All but the signatures, which are new each time."""
    made = vectors.vectors()
    assert {**made, "cases": []} == {**VECTORS, "cases": []}
    assert [{**case, "text": ""} for case in made["cases"]] == [{**case, "text": ""} for case in VECTORS["cases"]]
    for new, kept in zip(made["cases"], VECTORS["cases"], strict=True):
        if new["id"] is not None:
            assert vectors.parts(new["text"].strip()).value[:3] == vectors.parts(kept["text"].strip()).value[:3]


def test_every_answer_occurs_and_no_private_half_is_in_the_file():
    assert {case["code"] for case in VECTORS["cases"]} == {
        None, passes.reading.EXPIRED, passes.reading.FORGED, passes.reading.REVOKED, passes.reading.UNREADABLE,
    }  # fmt: skip
    assert all(set(key) <= {"kid", "alg", "x", "y", "use"} for key in VECTORS["keys"])
