"""A pack's values held against its form: the first thing that is wrong, with its place in the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from fugong.core.protocol import pack_format as form
from fugong.core.protocol.operations import (
    Canteen,
    Contacts,
    Disinfection,
    Dormitories,
    DormitoryRule,
    Observation,
    Operations,
    Sampling,
    Supplies,
    Upkeep,
    Vehicles,
    Visits,
)
from fugong.core.protocol.pack_errors import PackError, from_validation
from fugong.core.protocol.pack_yaml import Document, Path
from fugong.core.protocol.readiness import Band, Capacity, Readiness, ReadinessItem
from fugong.core.text import Text


def validated(document: Document) -> form.PackSpec:
    """The document's values in the form of a pack. Raises PackError for the first thing that is wrong, by place."""
    if not isinstance(document.value, dict):
        raise PackError(
            "not_a_pack",
            Text(
                "规则包应为“键: 值”的映射，以 pack: 开头。",
                "a pack is a mapping of keys to values, beginning with pack:.",
            ),
            name=document.name,
        )
    try:
        return form.PackSpec.model_validate(document.value)
    except ValidationError as error:
        # a misspelt key is missing as well: the misspelling says more
        found = [(finding["type"] == "missing", _located(document, finding)) for finding in error.errors()]
        raise min(found, key=lambda pair: (pair[0], pair[1].line, pair[1].column))[1] from None


def _located(document: Document, finding: Any) -> PackError:
    path: Path = tuple(finding["loc"])
    here: Path = ()
    value = document.value
    for step in path:  # pydantic's path also names branches of unions and "[key]", which the document doesn't have
        if step in value if isinstance(value, dict) else isinstance(value, list) and isinstance(step, int):
            here, value = (*here, step), value[step]
    key = str(path[-1]) if path else ""
    about_key = finding["type"] == "extra_forbidden" or key == "[key]"
    place = document.place(here, key=about_key)
    keys = _keys_at(here[:-1])
    raised = from_validation(finding["type"], finding.get("ctx") or {}, finding["input"], key, keys)
    return raised.at(document.name, place.line, place.column)


def _keys_at(path: Path) -> Iterable[str]:
    """The keys that may stand in the mapping at ``path``."""
    models: dict[str, Any] = {
        "in_force": form.InForce, "sources": form.SourceSpec, "parameters": form.ParameterSpec,
        "derivations": form.RuleSpec, "requirements": form.RequirementSpec, "door": form.DoorSpec,
        "plausible": form.PlausibleSpec, "second_method": form.Words,
        "colours": form.ColourSpec, "through": form.ThroughSpec, "unless": form.UnlessSpec, "holds": form.HoldsSpec,
        "where": form.ConditionSpec, "until": form.LocalSpec, "from": form.LocalSpec,
        "title": form.Words, "issuer": form.Words, "message": form.Words, "remedy": form.Words,
        "door_message": form.Words, "kinds": form.Words, "operations": Operations, "vehicles": Vehicles,
        "disinfection": Disinfection, "contacts": Contacts, "sampling": Sampling, "observation": Observation,
        "readiness": Readiness, "items": ReadinessItem, "by_staff": Band, "capacity": Capacity,
        "dormitories": Dormitories, "rules": DormitoryRule, "upkeep": Upkeep, "canteen": Canteen, "supplies": Supplies,
        "visits": Visits,
    }  # fmt: skip
    model = next((models[step] for step in reversed(path) if step in models), form.PackSpec)
    return [field.alias or name for name, field in model.model_fields.items()]
