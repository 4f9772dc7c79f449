"""What may stand in the body of checks, for the interface's description: every kind of row, made of the rows' own schemas."""

from __future__ import annotations

from typing import Any

from fugong.doors.intake import rows


def _resolved(part: Any, known: dict[str, Any]) -> Any:
    """A schema in which nothing refers to anything: one inside a request's body has no definitions beside it."""
    if isinstance(part, list):
        return [_resolved(one, known) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _resolved(known[part["$ref"].rpartition("/")[2]], known)
    return {name: _resolved(one, known) for name, one in part.items() if name != "$defs"}


def _of_kind(name: str) -> dict[str, Any]:
    schema = rows.kinds()[name].json_schema(by_alias=True)
    found: dict[str, Any] = _resolved(schema, schema.get("$defs", {}))
    return {**found, "title": name}


ROW: dict[str, Any] = {"oneOf": [_of_kind(name) for name in rows.kinds()]}
"""One row: a check, where ``kind`` is left out."""
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "array", "items": ROW}},
            "application/x-ndjson": {"schema": {**ROW, "description": "One row a line."}},
        },
    }
}
"""For ``openapi_extra`` of the operation."""
