"""Everything about one case happens one after another: under a lock on its row."""

from __future__ import annotations

from uuid import UUID

from fugong.tracing.errors import TracingError
from fugong.tracing.models import Case


def locked(case: UUID, *, even_closed: bool = False) -> Case:
    """The case's row, locked. Raises TracingError for a closed one."""
    found = Case.objects.select_for_update(no_key=True).get(pk=case)
    if found.state == Case.CLOSED and not even_closed:
        raise TracingError("tracing.closed")
    return found
