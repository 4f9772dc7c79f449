"""A device with a key of its own: it is enrolled by a one-time code, and signs its requests before they are sent."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


def b64(plain: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


@dataclass
class Device:
    """Who signs as whom."""

    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: str = ""
    login: str = ""
    token: str | None = None

    def jwk(self) -> dict[str, str]:
        """The public half."""
        point = self.private.public_key().public_numbers()
        x, y = (b64(part.to_bytes(32, "big")) for part in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def authorization(self, method: str, path: str, body: bytes = b"", *, now: int) -> str:
        """By what the server knows who asks: a signature, or a token where the device has no key."""
        if self.token is not None:
            return f"Bearer {self.token}"
        said = f"{method}\n{path}\n{now}\n{b64(hashlib.sha256(body).digest())}".encode()
        r, s = decode_dss_signature(self.private.sign(said, ec.ECDSA(SHA256())))
        return f"Fugong {self.id} {now} {b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def request(self, method: str, path: str, body: bytes = b"", *, now: int, more: str = "") -> bytes:
        """A whole signed request as it goes over the wire; ``more`` are header lines."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {self.authorization(method, path, body, now=now)}"
            f"\r\n{more}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def enrolled(door: UUID, number: int, now: int, *, by_token: bool = False) -> list[Device]:
    """So many devices of a door, enrolled by the services as an administrator's codes would do it."""
    from fugong.base import access
    from fugong.base.models import User
    from fugong.doors import devices

    made = []
    for n in range(number):
        with access.acting(access.as_system("bench")):
            admin = User.objects.filter(role_name="town_administrator").first()
            assert admin is not None
            code = devices.make_code(door=door, actor=admin.pk, now=now).code
            device = Device()
            found = devices.enrol(code=code, name=f"bench {n}", key=None if by_token else device.jwk(), now=now)
            device.id, device.login, device.token = str(found.device.pk), str(found.device.user_id), found.token
        made.append(device)
    return made
