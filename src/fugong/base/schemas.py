"""What the HTTP APIs of all apps say in the same words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from ninja import Schema

from fugong.base import local
from fugong.base.faults import Fault, declare
from fugong.core.text import Text

declare(
    {
        "moment.unreadable": _(
            "“%(value)s” is no moment. Write it like 2020-03-09T18:00:00+08:00, or as whole seconds since 1970 (UTC)."
        ),
    }
)


class Words(Schema):
    """A sentence in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> Words:
        """The words of a pack's text."""
        return cls(zh=text.zh, en=text.en)


class ProblemOut(Schema):
    """Why one row of several was not taken: a stable code, a sentence, and the input that it is about."""

    code: str
    message: str
    field: str | None = None

    @classmethod
    def of(cls, fault: Fault) -> ProblemOut:
        """What is wrong, in the language of the request."""
        return cls(code=fault.code, message=fault.message, field=fault.field)


def moment(given: str | int | None, field: str) -> int | None:
    """A moment from RFC 3339 text or whole epoch seconds; None stays None. Raises Fault naming the field."""
    if given is None or isinstance(given, int):
        return given
    try:
        return local.parse(given)
    except ValueError:
        raise Fault("moment.unreadable", field=field, value=given) from None
