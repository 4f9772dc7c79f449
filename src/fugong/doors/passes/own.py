"""The worker's own pass on the phone: what stands beside the code, and the same as a picture to keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fugong.base import local, paper
from fugong.base.personal import masked_name
from fugong.doors.passes import codes
from fugong.doors.passes.services import Issued
from fugong.registry.models import Worker

TEMPLATE = Path(__file__).resolve().parent / "picture.typ"


@dataclass(frozen=True, slots=True)
class Shown:
    """A pass with what a guard compares: the masked name, and where the person works."""

    name: str
    enterprises: list[str]
    issued: Issued

    @property
    def svg(self) -> SafeString:
        """The code, to stand in a page."""
        return mark_safe(codes.inline(self.issued.text, _("The code of your pass")))  # noqa: S308 - made of modules only


def shown(worker: Worker, issued: Issued) -> Shown:
    """The worker's pass as it is shown. ``worker`` comes with employments and their enterprises."""
    names = [one.enterprise.name for one in worker.employments.all() if one.active]
    return Shown(masked_name(worker.name), names, issued)


def picture(one: Shown) -> bytes:
    """The pass as PNG in the language in force, to be kept on the phone or sent to somebody who prints it."""
    assert one.issued.expires_at is not None
    until = f"{local.to_datetime(one.issued.expires_at):%Y-%m-%d %H:%M}"
    words = {
        "language": "zh" if (get_language() or "").startswith("zh") else "en",
        "title": _("Pass"), "name": one.name, "enterprises": one.enterprises,
        "until": _("valid until %(moment)s") % {"moment": until},
    }  # fmt: skip
    drawn = {"code": codes.svg(one.issued.text).decode(), "modules": codes.width(one.issued.text)}
    return paper.png(TEMPLATE, {**paper.printable(words, {}), **drawn})
