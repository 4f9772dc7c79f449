"""Slips of paper with one-time codes: for whom, the code, its link as a picture for phones."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage
from qrcode.main import QRCode

from fugong.base.access import looked_at
from fugong.base.signin.services import HandedOut
from fugong.registry.models import Employment, Worker

AT_ONCE = 200
"""So many slips are printed at once."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for one worker; ``picture`` is the link as a QR code (an image address)."""

    worker: Worker
    employments: Sequence[Employment]
    code: str
    link: str
    picture: str
    expires_at: int


def slips(handed_out: Sequence[HandedOut], links: Mapping[UUID, str]) -> list[Slip]:
    """The slips of codes that were just handed out; ``links`` by the worker's id."""
    workers = Worker.objects.prefetch_related("employments__enterprise").in_bulk([one.worker_id for one in handed_out])
    looked_at(workers)
    return [
        Slip(
            workers[one.worker_id], [e for e in workers[one.worker_id].employments.all() if e.active], one.code,
            links[one.worker_id], picture(links[one.worker_id]), one.expires_at,
        )
        for one in handed_out
    ]  # fmt: skip


def picture(text: str) -> str:
    """A text as a QR code (ISO/IEC 18004), as the address of an image that needs no request."""
    code = QRCode(
        error_correction=ERROR_CORRECT_M, border=2, mask_pattern=2
    )  # comparing all eight masks takes most of the time
    code.add_data(text)
    code.make(fit=True)
    written = BytesIO()
    code.make_image(image_factory=SvgPathImage).save(written)
    return "data:image/svg+xml;base64," + base64.b64encode(written.getvalue()).decode()
