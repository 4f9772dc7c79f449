"""Which kinds of facts are measurements: they act at once, whatever they take from whomever.

Everything else is administrative: somebody decides it, and what one person may take from others by deciding alone is
limited (``clearance.gate``).
"""

from __future__ import annotations

MEASURED = frozenset({
    "temperature", "test", "register", "symptom", "identity_check", "door_check", "door_override", "vaccination",
    "supplies",
})  # fmt: skip
"""Laboratory results, what is measured at doors, and what people say of their own health. News of an illness never
waits for anybody; a large batch of them is looked at afterwards."""
