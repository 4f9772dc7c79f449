"""Nobody sets a permission or a colour: no form, no API field, no route; one module writes; the serving login may not."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.db import ProgrammingError, connection, transaction

import fugong
from fugong.base import clock
from fugong.clearance.models import PERMISSIONS, Adoption
from fugong.clearance.queries import status
from fugong.core.protocol.pack import load, shipped
from fugong.core.protocol.vocabulary import VOCABULARY
from fugong.ledger.kinds import KINDS
from fugong.project.api import api
from power.crowd import NOW, Crowd, crowd

SOURCE = Path(fugong.__file__).parent
SETTING = {"permission", "permissions", "colour", "color", "cleared", "clearance", "starts", "ends", "holds", "may"}
NAMING = {"/api/v1/me/requests": {"permission"}, "/api/v1/doors/{door}/checks": {"colour"}}
"""An appeal names the refusal that it is about; a device says what it has shown to somebody (`SHOWN`)."""
SHOWN = {("door_check", "colour"), ("evidence", "holds"), ("evidence_of_person", "holds")}
"""What a device showed to somebody, and whether what a checklist or a subsidy asks for is so, is on record; no protocol that
ships derives anything from these kinds."""
WRITERS = {
    "clearance_clearance": {"clearance/services.py"},
    "clearance_adoption": set[str](),
}  # fmt: skip


def python() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(SOURCE)), path.read_text())
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
    ]


def test_no_kind_of_fact_says_that_somebody_may():
    fields = {(kind.name, field.name) for kind in KINDS.values() for field in kind.fields} - SHOWN
    assert not SETTING & {name for _kind, name in fields}
    assert not {kind for kind, _name in SHOWN} & {kind for text in shipped().values() for kind in load(text).raw_kinds}
    assert not set(PERMISSIONS) & {kind.name for kind in KINDS.values() if kind.subject == "worker"}
    assert not set(PERMISSIONS) & set(VOCABULARY)


def all_forms(base: Any) -> set[Any]:
    return {one for sub in base.__subclasses__() for one in {sub, *all_forms(sub)}}


def test_no_form_has_such_a_field():
    import fugong.project.urls  # noqa: F401 - so that every form is there

    found = [form for form in all_forms(forms.BaseForm) if form.__module__.startswith("fugong.")]
    assert len(found) > 5
    for form in found:
        assert not SETTING & set(getattr(form, "base_fields", {})), form


def inputs(schema: Any, known: dict[str, Any]) -> set[str]:
    """The names of everything that a request's schema takes."""
    if isinstance(schema, list):
        return set().union(*(inputs(one, known) for one in schema))
    if not isinstance(schema, dict):
        return set()
    if "$ref" in schema:
        return inputs(known[schema["$ref"].rpartition("/")[2]], known)
    names = set(schema.get("properties", {}))
    return names.union(*(inputs(value, known) for value in schema.values()))


def test_no_request_of_the_api_takes_one():
    described = api.get_openapi_schema()
    known = described["components"]["schemas"]
    looked = 0
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            if method == "get":
                continue
            looked += 1
            taken = inputs(route.get("requestBody", {}).get("content", {}), known)
            taken |= {parameter["name"] for parameter in route.get("parameters", [])}
            assert SETTING & taken <= NAMING.get(path, set()), (method, path)
    assert looked > 5


_WRITE = re.compile(
    r"(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|COPY)\s+(clearance_clearance|clearance_adoption)\b", re.I
)


def test_one_module_writes_what_is_stored():
    """By SQL, by the rows' own functions, and by the model."""
    for place, text in python():
        for _verb, table in _WRITE.findall(text):
            assert place in WRITERS[table.lower()], (place, table)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                said = ast.unparse(node.func)
                if re.search(
                    r"\b(Clearance|Adoption)\.objects.*\.(create|bulk_create|update|delete|save|update_or_create)$",
                    said,
                ):
                    assert place == "clearance/services.py", (place, said)
    writers = [place for place, text in python() if 'insert_lines("clearance_clearance"' in text]
    assert writers == ["clearance/services.py"]


def test_listeners_are_passed_by_where_a_demo_is_loaded_only():
    """Appending without listeners would pass the gate by."""
    users = {place for place, text in python() if re.search(r"\bdeferred\(\)", text)}
    assert users == {"ledger/services.py", "scenario/loading.py"}


def test_only_the_gates_own_room_says_that_an_act_is_approved():
    users = {place for place, text in python() if "performing(approved=True)" in text}
    assert users == {"clearance/acts.py"}


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return crowd(2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_fact SET kind = 'test'",
        "DELETE FROM ledger_fact",
        "UPDATE clearance_adoption SET effective_from = 0",
        "UPDATE clearance_adoption SET approved_by_id = actor_id",
        "DELETE FROM clearance_adoption",
        "TRUNCATE ledger_fact, clearance_adoption CASCADE",
        "UPDATE clearance_waitingact SET proposer_id = NULL",
        "UPDATE clearance_waitingact SET arguments = '{}'",
        "DELETE FROM clearance_waitingact",
        "UPDATE clearance_loss SET workers = '{}'",
        "DELETE FROM clearance_loss",
        "UPDATE clearance_waitingact SET content = NULL",
        "UPDATE clearance_measuredloss SET lost = '{}'",
        "DELETE FROM clearance_measuredloss",
        "ALTER TABLE clearance_adoption DROP CONSTRAINT adoption_by_two_people",
        "DROP TRIGGER fact_is_never_changed ON ledger_fact",
    ],
)
def test_the_login_that_serves_may_not(town: Crowd, statement: str):
    refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Adoption.objects.count() == 1


def test_a_permission_in_a_request_changes_nothing(town: Crowd):
    worker = town.workers[0]
    client = town.as_(town.admin)
    for values in ({"permission": "work"}, {"colour": "red"}, {"holds": False}):
        body = [{"subject": str(worker), "at": NOW - 60, "values": values}]
        answer = client.post("/api/v1/facts/temperature?evidence=x", body, content_type="application/json")
        assert answer.json()[0]["status"] == "refused"
    assert status(worker, "work", NOW).holds
