"""A device with a key of its own, as a program would be one."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client

import gatehouse as g


def b64(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


class Own:
    """A device with a key of its own, as a program would be one."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = ""
        self.client = Client()

    @property
    def jwk(self):
        point = self.private.public_key().public_numbers()
        x, y = (b64(part.to_bytes(32, "big")) for part in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def enrol(self, code, name="gate"):
        answer = self.client.post(
            "/api/v1/devices/enrol", {"code": code, "name": name, "key": self.jwk}, content_type="application/json"
        )
        self.id = answer.json().get("device", "")
        return answer

    def header(self, method, path, body=b"", moment=g.SEVEN_FORTY):
        said = f"{method}\n{path}\n{moment}\n{b64(hashlib.sha256(body).digest())}".encode()
        r, s = decode_dss_signature(self.private.sign(said, ec.ECDSA(SHA256())))
        return f"Fugong {self.id} {moment} {b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def get(self, path, **more):
        return self.client.get(path, HTTP_AUTHORIZATION=self.header("GET", path, **more))

    def post(self, path, body, kind="application/json", **more):
        return self.client.post(
            path, body, content_type=kind, HTTP_AUTHORIZATION=self.header("POST", path, body, **more)
        )
