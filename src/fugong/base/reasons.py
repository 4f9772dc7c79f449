"""Why somebody is shown a whole number: a short list that people pick from, and the purposes of lists that carry numbers.

The audit keeps the code; `word` puts it into the language of whoever reads the audit.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HOLDS = 900
"""So long a reason that somebody gave holds for further numbers in the same session, in seconds."""

REASONS: dict[str, str | Promise] = {
    "contact_tracing": _("contact tracing"),
    "transport": _("arranging transport"),
    "medical_care": _("medical care"),
    "visit": _("checking on somebody's return"),
    "correction": _("correcting a record"),
    "police_request": _("request of the police"),
    "emergency": _("emergency"),
}
"""What somebody may pick who asks to see a number."""

PURPOSES: dict[str, str | Promise] = {
    "manifest": _("manifest of a trip"),
    "sampling": _("list of a sampling team"),
    "observation": _("list of an observation site"),
    "tracing": _("tracing the contacts of a case"),
    "notices": _("sending a notice"),
    "submission": _("list for an office"),
}
"""Lists that are made for a purpose and carry the numbers that it needs."""


def word(code: str) -> str:
    """A reason or purpose in the language in force; a code that is unknown (of a later version) as it is."""
    return str(REASONS.get(code) or PURPOSES.get(code) or code)
