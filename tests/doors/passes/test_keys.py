"""The server's key store: made when first needed, rotated, removed by name; private halves are encrypted."""

from __future__ import annotations

from uuid import uuid4

import pytest

import gatehouse as g
from fugong.base import access, personal
from fugong.doors import keys
from fugong.doors.algorithms import ALGORITHMS, base64url
from fugong.doors.models import Pass, SigningKey
from parallel import at_once

NOW = g.SEVEN_FORTY
DAY = 86_400
pytestmark = pytest.mark.django_db


def issued(kid: str, worker, *, kind: str = "badge", expires: int | None = None, revoked: int | None = None) -> Pass:
    user = g.user(f"u{uuid4().hex[:8]}", "town_administrator") if revoked else None
    return Pass.objects.create(
        id=base64url(uuid4().bytes[:8]),
        worker_id=worker,
        kind=kind,
        key_id=kid,
        issued_at=NOW,
        expires_at=expires,
        revoked_at=revoked,
        revoked_by=user,
    )


@pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))
def test_what_a_key_signs_its_public_half_verifies_and_no_other(algorithm):
    key, other = keys.in_use(now=NOW, algorithm=algorithm), ALGORITHMS[algorithm].generate()
    how = key.algorithm
    signature = key.sign(b"message")
    assert len(signature) == 64
    assert how.verify(key.public, b"message", signature)
    assert not how.verify(key.public, b"massage", signature)
    assert not how.verify(how.public(other), b"message", signature)
    assert not how.verify(key.public, b"message", signature[:-1])
    assert keys.in_use(now=NOW + 5, algorithm=algorithm).kid == key.kid


def test_sign_es256_names_the_key_whose_public_half_is_listed():
    kid, signature = keys.sign_es256(b"bytes", now=NOW)
    (public,) = keys.public_keys(now=NOW)
    assert (public["kid"], public["alg"], public["use"]) == (kid, "ES256", ["pass", "snapshot"])
    assert ALGORITHMS["ES256"].verify(public, b"bytes", signature)
    assert len(bytes.fromhex(kid)) == 4


def test_private_halves_are_encrypted_and_shown_by_nothing():
    key = keys.in_use(now=NOW)
    row = SigningKey.objects.get()
    assert key.private not in bytes(row.private_encrypted)
    assert personal.decrypt_bytes(row.private_encrypted) == key.private
    assert key.private.hex() not in repr(key) and repr(key.private) not in repr(key)
    assert "private" not in str(keys.public_keys(now=NOW)) + str(keys.listed(now=NOW))


def test_no_scope_but_the_systems_sees_a_key():
    keys.in_use(now=NOW)
    admin = g.user("admin", "town_administrator")
    with access.acting(access.as_user(admin)):
        assert not SigningKey.objects.exists()
        assert keys.public_keys(now=NOW)


def test_a_retired_key_verifies_while_a_pass_of_it_is_good():
    (worker,) = g.hire(g.plant(), "王小明")
    old = keys.in_use(now=NOW).kid
    issued(old, worker, kind="phone", expires=NOW + DAY)
    new = keys.rotate(now=NOW + 10)
    assert [one["kid"] for one in keys.public_keys(now=NOW + DAY - 1)] == [new, old]
    assert keys.public_keys(now=NOW + 20)[1]["use"] == ["pass"]
    assert [one["kid"] for one in keys.public_keys(now=NOW + DAY)] == [new]
    assert keys.known_key(old) is not None  # to say of a pass that it has expired


def test_a_badge_keeps_its_key_until_it_is_revoked_or_the_key_removed():
    (worker,) = g.hire(g.plant(), "王小明")
    old = keys.in_use(now=NOW).kid
    issued(old, worker)
    new = keys.rotate(now=NOW + 10)
    assert [one["kid"] for one in keys.public_keys(now=NOW + 900 * DAY)] == [new, old]
    assert [(one.kid, one.badges, one.verifies) for one in keys.listed(now=NOW + 20)] == [
        (new, 0, True),
        (old, 1, True),
    ]
    keys.remove(old, now=NOW + 30)
    assert keys.known_key(old) is None
    assert [one["kid"] for one in keys.public_keys(now=NOW + 31)] == [new]
    assert [one.kid for one in keys.listed(now=NOW + 31)] == [new]
    assert personal.decrypt_bytes(SigningKey.objects.get(pk=old).private_encrypted) == b""


def test_a_key_in_use_cannot_be_removed_nor_one_that_is_not_there():
    kid = keys.in_use(now=NOW).kid
    for name, code in ((kid, "key.in_use"), ("00000000", "key.unknown")):
        with pytest.raises(keys.KeyStoreError) as refused:
            keys.remove(name, now=NOW)
        assert refused.value.code == code
    with pytest.raises(keys.KeyStoreError):
        keys.rotate(now=NOW, algorithm="none")


def test_snapshots_are_signed_by_retired_keys_too_so_that_a_device_that_was_away_learns_the_new_one():
    old_public = keys.public_keys(now=NOW)[0]
    new = keys.rotate(now=NOW + 10)
    made = keys.signatures(b"snapshot", now=NOW + 20)
    assert [kid for kid, _signature in made] == [new, old_public["kid"]]
    assert ALGORITHMS["ES256"].verify(old_public, b"snapshot", made[1][1])
    keys.remove(old_public["kid"], now=NOW + 30)
    assert [kid for kid, _signature in keys.signatures(b"snapshot", now=NOW + 40)] == [new]


@pytest.mark.django_db(transaction=True)
def test_first_use_at_once_makes_one_key():
    found = at_once(*[lambda: keys.in_use(now=NOW).kid] * 8)
    assert len(set(found)) == 1
    assert SigningKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_rotations_at_once_follow_one_another():
    keys.in_use(now=NOW)
    made = at_once(*[lambda: keys.rotate(now=NOW + 1)] * 4)
    assert len(set(made)) == 4
    assert SigningKey.objects.filter(retired_at__isnull=True).count() == 1
