"""Passes: issued, renewed, read, revoked; what stands in them, and how large their codes are."""

from __future__ import annotations

import secrets

import base45
import cbor2
import pytest

import gatehouse as g
from fugong.base import access
from fugong.doors import keys, passes, pseudonyms
from fugong.doors.algorithms import ALGORITHMS, base64url
from fugong.doors.keys import Key
from fugong.doors.models import Pass, Pseudonym
from fugong.doors.passes import codes, services, tokens
from fugong.doors.passes.services import PassError
from fugong.doors.passes.tokens import Claims
from fugong.registry import services as registry
from parallel import at_once

NOW = g.SEVEN_FORTY
HOUR, DAY = 3_600, 86_400
pytestmark = pytest.mark.django_db


@pytest.fixture
def plant():
    plant = g.plant()
    registry.set_town(code="350112111", name="金峰镇")
    return plant


@pytest.fixture
def worker(plant):
    return g.hire(plant, "王小明")[0]


@pytest.fixture
def clerk(plant):
    return g.user("clerk", "enterprise_clerk", plant.id)


def phone(worker, now=NOW):
    return services.phone_pass(worker=worker, now=now, actor=None)


def test_a_phone_pass_is_good_for_a_day_and_says_whose_it_is(worker):
    made = phone(worker)
    read = passes.read(made.text, now=NOW + DAY - 1)
    assert read.good
    assert (read.worker, read.id, read.who) == (worker, made.id, pseudonyms.of([worker])[worker])
    assert passes.read(made.text, now=NOW + DAY).code == "door.pass_expired"


def test_it_is_kept_while_six_hours_remain_then_renewed(worker):
    first = phone(worker)
    assert phone(worker, NOW + 18 * HOUR).id == first.id
    renewed = phone(worker, NOW + 18 * HOUR + 1)
    assert renewed.id != first.id
    assert renewed.expires_at == NOW + 42 * HOUR + 1
    assert Pass.objects.count() == 2


def test_after_a_rotation_a_new_one_is_issued_and_the_old_one_still_read(worker):
    first = phone(worker)
    keys.rotate(now=NOW + 1)
    assert phone(worker, NOW + 2).id != first.id
    assert passes.read(first.text, now=NOW + 3).good
    assert passes.read(first.text, now=NOW + 2 * DAY).code == "door.pass_expired"


def test_a_badge_is_good_until_it_is_revoked(worker, clerk):
    (badge,) = services.badges(workers=[worker], now=NOW, actor=clerk.pk)
    assert passes.read(badge.text, now=NOW + 3_000 * DAY).good
    services.revoke(id=badge.id, reason="lost", now=NOW + 5, actor=clerk.pk)
    read = passes.read(badge.text, now=NOW + 6)
    assert (read.code, read.worker) == ("door.pass_revoked", worker)
    services.revoke(id=badge.id, reason="found", now=NOW + 7, actor=clerk.pk)
    assert Pass.objects.get().reason == "lost"


def test_a_new_badge_replaces_the_old_one_only_on_request(worker, clerk):
    (first,) = services.badges(workers=[worker], now=NOW, actor=clerk.pk)
    (second,) = services.badges(workers=[worker], now=NOW + 1, actor=clerk.pk)
    assert passes.read(first.text, now=NOW + 2).good
    (third,) = services.badges(workers=[worker], now=NOW + 3, actor=clerk.pk, instead=True)
    assert [passes.read(one.text, now=NOW + 4).code for one in (first, second, third)] == ["door.pass_revoked"] * 2 + [
        None
    ]


def test_a_badge_whose_key_was_removed_is_void(worker):
    (badge,) = services.badges(workers=[worker], now=NOW, actor=None)
    old = keys.in_use(now=NOW).kid
    keys.rotate(now=NOW + 1)
    assert passes.read(badge.text, now=NOW + 2).good
    keys.remove(old, now=NOW + 3)
    assert passes.read(badge.text, now=NOW + 4).code == "door.pass_forged"


def test_what_cannot_be_issued_or_revoked_is_said(worker, clerk):
    for call, code in (
        (lambda: services.badges(workers=[], now=NOW, actor=None), "pass.nobody"),
        (lambda: services.badges(workers=[worker] * 1_001, now=NOW, actor=None), "pass.too_many"),
        (lambda: services.revoke(id="nothing", reason="lost", now=NOW, actor=clerk.pk), "pass.unknown"),
        (lambda: services.revoke(id=phone(worker).id, reason=" ", now=NOW, actor=clerk.pk), "pass.reason"),
        (lambda: services.revoke(id=phone(worker).id, reason="x" * 201, now=NOW, actor=clerk.pk), "pass.reason"),
    ):
        with pytest.raises(PassError) as refused:
            call()
        assert refused.value.code == code


def test_every_claim_of_a_pass_is_known_and_none_is_about_health(worker):
    for made in (phone(worker), services.badges(workers=[worker], now=NOW, actor=None)[0]):
        tag = cbor2.loads(base45.b45decode(made.text.removeprefix("FG1:")))
        protected, unprotected, payload, signature = tag.value
        assert (tag.tag, cbor2.loads(protected), len(signature)) == (18, {1: -7}, 64)
        assert unprotected == {4: bytes.fromhex(keys.in_use(now=NOW).kid)}
        claims = cbor2.loads(payload)
        expires = {} if made.expires_at is None else {4: NOW + DAY}
        assert claims.pop(1) == "350112111"
        assert base64url(claims.pop(7)) == made.id
        assert base64url(claims.pop(-70001)) == Pseudonym.objects.get(worker=worker).value
        assert claims == {6: NOW, **expires}


@pytest.mark.parametrize("name", sorted(ALGORITHMS))
def test_a_thousand_random_passes_fit_their_code(name):
    """The longest issuer that a town can have, both algorithms: never above version 9; a few are drawn."""
    how = ALGORITHMS[name]
    private = how.generate()
    public = how.public(private)
    key = Key(keys.kid_of(public), how, private, public)
    versions = set()
    for number in range(1_000):
        claims = Claims(
            "350112111000"[: 6 + number % 7], base64url(secrets.token_bytes(8)), base64url(secrets.token_bytes(8)),
            NOW + secrets.randbelow(10**9), NOW + 10**9 if number % 2 else None,
        )  # fmt: skip
        text = tokens.encode(claims, key)
        assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
        assert len(text) <= 262  # what version 9 holds at M
        if number % 100 == 0:
            code = codes.code(text)
            assert code.error == "M" and code.mode == "alphanumeric"
            versions.add(code.version)
        assert tokens.taken_apart(text).opened(keys.cose_key(key.kid, how, public)) == claims
    assert max(versions) <= 9


def test_another_algorithm_than_the_keys_is_not_believed(worker):
    """A pass can't choose how it is verified."""
    envelope = tokens.taken_apart(phone(worker).text)
    other = ALGORITHMS["EdDSA"]
    public = other.public(other.generate())
    with pytest.raises(tokens.ForgedError):
        envelope.opened(keys.cose_key(envelope.kid, other, public))


def test_no_garbage_raises_and_none_is_good(worker):
    text = phone(worker).text
    for number in range(len(text)):
        assert passes.read(text[:number], now=NOW).code == "door.pass_unreadable"
    for number in range(4, len(text)):
        altered = text[:number] + ("A" if text[number] != "A" else "B") + text[number + 1 :]
        assert not passes.read(altered, now=NOW).good
    for given in ("", "FG1:", "1024", "FG2:" + text[4:], "FG1:" + "A" * 5_000, "FG1:\0", "王"):
        assert passes.read(given, now=NOW).code == "door.pass_unreadable"


def test_whether_it_was_revoked_does_not_depend_on_who_reads(worker, clerk):
    made = phone(worker)
    services.revoke(id=made.id, reason="lost", now=NOW, actor=clerk.pk)
    stranger = g.user("guard", "guard", g.plant("other", "别的厂").id)
    with access.acting(access.as_user(stranger)):
        assert not Pass.objects.exists()
        assert passes.read(made.text, now=NOW).code == "door.pass_revoked"


@pytest.mark.django_db(transaction=True)
def test_pseudonyms_made_at_once_are_one(plant):
    workers = g.hire(plant, "王小明", "李丽", "张强")
    found = at_once(*[lambda: pseudonyms.of(workers)] * 4)
    assert all(one == found[0] for one in found)
    assert len(set(found[0].values())) == 3
    assert all(len(value) == 11 for value in found[0].values())
