"""What kinds are made with: how one is put together, and the choices that other apps name too."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Text
from fugong.ledger.evidence import EVIDENCE
from fugong.ledger.kind import (
    Field,
    Kind,
    Shape,
    SubjectKind,
)


def kind_of(
    name: str, subject: SubjectKind, shape: Shape, title: Text, purpose: Text, *fields: Field, **more: Any
) -> Kind:  # fmt: skip
    """A kind with what counts as its evidence."""
    return Kind(name, subject, shape, title, purpose, EVIDENCE[name], fields, **more)


CELSIUS = Field("celsius", "number", _("temperature, ℃"), least=25, most=45)
OVERRIDE_REASONS = ("medical_emergency", "rescue", "inspection", "device_failure", "other")
"""Why somebody may be let in against a refusal; ``other`` says why in words."""
PERSON_ITEMS = ("went_home", "told_to_delay", "post_kept")
"""What is shown of a person for a measure: that they went home, were told to delay, and that their post was kept."""
TRAVEL = ("bus", "charter_plane", "charter_train", "own")
"""By what people come back."""
