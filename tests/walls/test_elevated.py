"""Who looks past the second wall, and what for: every place in the source is in a table written by hand."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import fugong

SOURCE = Path(fugong.__file__).parent
NAMES = {"elevated", "as_system"}

CALLERS = {
    # where the town asks for no approval, work begins on receipt: by the town's standing decision, not the enterprise's word
    ("resumption/services/filings.py", "as_system", "resumption on receipt"): 1,
    # clearance is evaluated over everything that is known, whoever states the next fact
    ("ledger/services.py", "elevated", "locks"): 2,
    ("clearance/services.py", "elevated", "clearance"): 2,
    ("clearance/services.py", "elevated", "a protocol is for everybody"): 2,
    ("clearance/services.py", "elevated", "clearance of everybody"): 2,
    ("clearance/evaluation.py", "elevated", "linked facts"): 1,
    ("clearance/proposals.py", "elevated", "a protocol is for everybody"): 1,
    # what one person may take from people is counted over everybody; only numbers come out
    ("clearance/gate.py", "elevated", "what an act takes is counted over everybody"): 1,
    ("clearance/acts.py", "elevated", "effects are counted over everybody"): 2,
    ("clearance/acts.py", "elevated", "an act is done as its proposer's"): 1,
    ("clearance/acts.py", "as_system", "purpose"): 1,  # what the operator proposed, when somebody agrees to it
    ("clearance/waiting.py", "elevated", "an act is described to whoever may look at it"): 1,
    # who shares hands with whom: only when an act can be decided comes out, and by how many
    ("base/hands.py", "elevated", "which logins one person may hold"): 1,
    ("clearance/deputies.py", "elevated", "who else may decide"): 1,
    # whether a document is somebody's: the actor learns nothing of it, the town compares the files
    ("registry/roster/known.py", "elevated", "identities are compared with everybody's"): 1,
    ("registry/roster/services.py", "elevated", "somebody is hired again"): 1,
    # role and organisation of whoever stated or read something; the name only when it was disclosed
    ("registry/posts.py", "elevated", "role and organisation of who stated or read something"): 1,
    ("registry/directory.py", "elevated", "role and organisation of who stated or read something"): 2,
    ("registry/directory.py", "elevated", "a person whom an auditor names by a whole number"): 1,
    ("redress/looks.py", "elevated", "the name of who looked, disclosed to the person"): 1,
    # the channel that always is there: made by whoever queues the first notice
    ("notices/views/own.py", "elevated", "a notice, by an address of one's own"): 1,
    ("notices/services/queueing.py", "elevated", "people's own page as a channel"): 1,
    # keys are nobody's data, and sign in the middle of anybody's request; no private half comes out of the module
    ("doors/keys.py", "elevated", "signing keys"): 7,
    # that a pass was revoked must not depend on who reads it; whose it is, the reader asks within its scope
    ("doors/passes/reading.py", "elevated", "whether a pass was revoked"): 1,
    # a device's own list: pseudonyms that it holds already; and the digests by which its guards sign in, for devices only
    ("doors/snapshot/people.py", "elevated", "who has left a door's list"): 1,
    # what a device saw of somebody who has left since, at a moment at which they were employed behind its door
    ("doors/intake/left.py", "elevated", "checks of people who have left since"): 2,
    # what is in force, for the first who asks after it changed: packs, nobody's data
    ("doors/short/check.py", "as_system", "what is in force"): 1,
    ("doors/intake/others.py", "elevated", "whether a guard may sign in at a door"): 1,
    ("doors/snapshot/parts.py", "elevated", "the PINs of a door's guards"): 1,
    # one byte of anybody's encrypted number: under which version of the master key it stands
    ("base/holdings.py", "elevated", "which version of the master key is in use"): 1,
    # commands of the operator and tasks of the steward
    ("project/cli/notices.py", "as_system", "fugong notices send"): 1,
    ("project/cli/operating.py", "as_system", "context.command_path"): 1,
    ("project/cli/demo.py", "as_system", "fugong demo"): 1,
    ("project/cli/clearance.py", "as_system", "clearance verify"): 1,
    ("clearance/verification.py", "as_system", "clearance verify"): 1,
    ("project/checks/findings.py", "as_system", "check"): 1,
    ("project/serving.py", "as_system", "the first administrator"): 1,
    ("project/serving.py", "as_system", "fugong upgrade"): 1,
    ("project/cli/audit.py", "as_system", "audit seal"): 1,
    ("project/cli/audit.py", "as_system", "audit head"): 1,
    ("project/cli/audit.py", "as_system", "audit verify"): 1,
    ("project/backup.py", "as_system", "fugong backup"): 1,
    ("project/restore.py", "as_system", "fugong restore"): 1,
    ("project/restore.py", "as_system", "restore: proof"): 1,
    ("project/rotation.py", "as_system", "fugong key rotate"): 1,
    ("project/steward.py", "as_system", "steward: …"): 1,
    ("project/steward.py", "as_system", "steward: note"): 1,
    ("project/steward.py", "as_system", "steward: last runs"): 1,
}
"""Module, function, what for: how often."""


def said(call: ast.Call) -> str:
    """What a call says that it is for: its first argument, with … for what is filled in."""
    first = call.args[0] if call.args else ast.Constant("")
    if isinstance(first, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "…" for one in first.values)
    return str(first.value) if isinstance(first, ast.Constant) else ast.unparse(first)


def uses() -> Counter[tuple[str, str, str]]:
    """Every use of these functions beside their definition, also where they are only handed on."""
    found: Counter[tuple[str, str, str]] = Counter()
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        where = path.relative_to(SOURCE).as_posix()
        called = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in NAMES:
                found[where, name_of(node.func), said(node)] += 1
                called.add(node.func)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute | ast.Name) and name_of(node) in NAMES and node not in called:
                found[where, name_of(node), "handed on"] += 1
    return found


def name_of(node: ast.AST) -> str:
    """The last part of a name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_every_place_that_looks_past_the_wall_is_known():
    assert uses() == CALLERS


def test_no_other_module_makes_the_systems_scope_itself():
    """The settings of a transaction are given in one module, and nobody else names that scope."""
    for path in sorted(SOURCE.rglob("*.py")):
        where = path.relative_to(SOURCE).as_posix()
        text = path.read_text()
        if where != "base/access.py":
            assert 'Acting("system"' not in text, where
            assert "set_config('fugong" not in text, where
