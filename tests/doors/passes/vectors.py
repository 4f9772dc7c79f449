"""Makes ``tests/doors/vectors/passes.json``: ``NEW_VECTORS=1 python -m pytest tests/doors/passes/test_vectors.py``.

What is scanned, and what a door says of it, for the server (``test_vectors``) and for the door app's own reader. The keys
are made from a word, so that they are the same each time, and worth nothing anywhere else; signatures are new each time.
``keys`` and ``revoked`` are as in a snapshot.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import base45
import cbor2
from cwt import COSE

from fugong.doors import keys
from fugong.doors.algorithms import EDDSA, ES256, Algorithm, base64url
from fugong.doors.keys import Key
from fugong.doors.passes import tokens
from fugong.doors.passes.tokens import PREFIX, Claims

FILE = Path(__file__).parents[1] / "vectors" / "passes.json"
NOW = 1_583_710_800  # 9 March 2020, 07:40 in Fuzhou
DAY = 86_400
ISSUER = "350112111"


def key_of(word: str, algorithm: Algorithm = ES256) -> Key:
    """A key that is the same each time."""
    private = hashlib.sha256(f"fugong vectors: {word}".encode()).digest()
    public = algorithm.public(private)
    return Key(keys.kid_of(public), algorithm, private, public)


CURRENT, RETIRED, STRANGE = key_of("in use"), key_of("retired"), key_of("somebody else's")
OTHER_WAY = key_of("another algorithm", EDDSA)


def eight(word: str) -> str:
    """Eight bytes as base64url: of a pass's id, or of a pseudonym."""
    return base64url(hashlib.sha256(word.encode()).digest()[:8])


def claims(name: str, expires: int | None = NOW + DAY, issued: int = NOW - 60) -> Claims:
    """The claims of the case of that name."""
    return Claims(ISSUER, eight(f"pass {name}"), eight("worker"), issued, expires)


def signed(name: str, key: Key = CURRENT, expires: int | None = NOW + DAY) -> str:
    return tokens.encode(claims(name, expires), key)


def under(key: Key, text: str) -> str:
    """The same pass, saying that another key has signed it."""
    tag = parts(text)
    tag.value[1][4] = bytes.fromhex(key.kid)
    return whole(tag)


def parts(text: str) -> cbor2.CBORTag:
    """A pass taken apart: its COSE_Sign1, whose list can be changed."""
    tag = cbor2.loads(base45.b45decode(text.removeprefix(PREFIX)))
    return cbor2.CBORTag(tag.tag, list(tag.value))


def whole(thing: object) -> str:
    """Put together again."""
    return PREFIX + base45.b45encode(cbor2.dumps(thing)).decode()


def with_part(text: str, number: int, value: object) -> str:
    """The same pass with another part: 0 protected, 1 unprotected, 2 payload, 3 signature."""
    tag = parts(text)
    tag.value[number] = value
    return whole(tag)


def longer(text: str, name: str) -> str:
    """The same pass, for a year longer: what somebody would like to alter."""
    body = cbor2.loads(parts(text).value[2]) | {4: NOW + 365 * DAY, 7: cbor2.loads(parts(signed(name)).value[2])[7]}
    return with_part(text, 2, cbor2.dumps(body))


def last_bit_turned(signature: bytes) -> bytes:
    return signature[:-1] + bytes([signature[-1] ^ 1])


def without_who(key: Key) -> str:
    """Signed by us, and yet no pass: it says nobody."""
    made = COSE.new().encode_and_sign(
        cbor2.dumps({1: ISSUER, 6: NOW - 60, 7: b"12345678"}), key.as_cose(), protected={1: -7},
        unprotected={4: bytes.fromhex(key.kid)},
    )  # fmt: skip
    return PREFIX + base45.b45encode(made).decode()


def good() -> list[dict[str, Any]]:
    """Passes that are good."""
    made = [
        case("phone", None, signed("phone"), claims("phone")),
        case("badge, which has no end", None, signed("badge", expires=None), claims("badge", None)),
        case("last second", None, signed("last second", expires=NOW + 1), claims("last second", NOW + 1)),
        case("signed by the retired key", None, signed("retired", RETIRED), claims("retired")),
        case("signed by another algorithm", None, signed("other way", OTHER_WAY), claims("other way")),
    ]
    scanner = signed("line end")
    return [*made, case("with the line end of a scanner", None, f" {scanner}\r\n", claims("line end"))]


def known() -> list[dict[str, Any]]:
    """Passes of ours that aren't good any more: they are known all the same."""
    return [
        case("expired", "door.pass_expired", signed("expired", expires=NOW - DAY), claims("expired", NOW - DAY)),
        case("expires this second", "door.pass_expired", signed("now", expires=NOW), claims("now", NOW)),
        case("revoked", "door.pass_revoked", signed("revoked"), claims("revoked")),
        case("revoked badge", "door.pass_revoked", signed("lost", RETIRED, None), claims("lost", None)),
        case("revoked and expired", "door.pass_revoked", signed("both", expires=NOW - 1), claims("both", NOW - 1)),
    ]  # fmt: skip


def forged() -> list[dict[str, Any]]:
    """What no key of ours has signed so."""
    whole_one = signed("altered")
    texts = {
        "signed by a strange key": signed("strange", STRANGE),
        "signed by a strange key under our key's name": under(CURRENT, signed("strange", STRANGE)),
        "signed by the retired key under the present one's name": under(CURRENT, signed("swapped", RETIRED)),
        "altered: valid for longer": longer(whole_one, "altered"),
        "altered: one bit of the signature": with_part(whole_one, 3, last_bit_turned(parts(whole_one).value[3])),
        "a signature that is too short": with_part(whole_one, 3, parts(whole_one).value[3][:63]),
        "no signature at all": with_part(whole_one, 3, b""),
        "revoked, and forged": with_part(signed("revoked"), 3, bytes(64)),
        "another algorithm than the key's": with_part(whole_one, 0, cbor2.dumps({1: -8})),
        "no key of this name": with_part(whole_one, 1, {4: bytes(4)}),
    }
    return [case(name, "door.pass_forged", text) for name, text in texts.items()]


def unreadable() -> list[dict[str, Any]]:
    """What is no pass, or not a whole one."""
    text = signed("cut")
    texts = {
        "empty": "", "cut: only the beginning": PREFIX, "cut in the middle": text[: len(text) // 2],
        "cut: the last character": text[:-1], "cut: the last three": text[:-3], "cut in front": text[3:],
        "another beginning": f"FG2:{text[4:]}", "no beginning": text[4:], "small letters": text.lower(),
        "a badge number": "1024", "an address": "https://example.org/FG1:", "no base45": f"{text[:40]}王{text[41:]}",
        "too long": text + "0" * 1_000, "base45, but no CBOR": PREFIX + base45.b45encode(b"\xff" * 90).decode(),
        "CBOR, but no COSE_Sign1": whole({1: ISSUER}), "another tag": whole(cbor2.CBORTag(61, parts(text).value)),
        "without its tag": whole(parts(text).value), "without the key's name": with_part(text, 1, {}),
        "signed by us, and yet no pass": without_who(CURRENT),
    }  # fmt: skip
    return [case(name, "door.pass_unreadable", given) for name, given in texts.items()]


def case(name: str, code: str | None, text: str, of: Claims | None = None) -> dict[str, Any]:
    """One vector. ``id``, ``who`` and the moments are null where nothing of a pass may be believed."""
    return {
        "name": name, "code": code, "id": of and of.id, "who": of and of.who, "issued_at": of and of.issued_at,
        "expires_at": of and of.expires_at, "text": text,
    }  # fmt: skip


def vectors() -> dict[str, Any]:
    """The file's content."""
    return {
        "now": NOW,
        "keys": [
            {"kid": key.kid, "alg": key.algorithm.name, **key.public, "use": use}
            for key, use in ((CURRENT, ["pass", "snapshot"]), (RETIRED, ["pass"]), (OTHER_WAY, ["pass"]))
        ],
        "revoked": [claims(name).id for name in ("revoked", "lost", "both")],
        "cases": [*good(), *known(), *forged(), *unreadable()],
    }


def write() -> None:
    """Make the file anew."""
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n")
