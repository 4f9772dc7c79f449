"""The query planner's statistics."""

from __future__ import annotations

from django.db import connection


def gather_statistics() -> None:
    """Tell PostgreSQL's planner what the tables hold now, this transaction's rows included: after a bulk load.

    Without it the planner takes tables that were just filled for empty ones, and may choose a plan that takes minutes. The
    server's own daemon sees committed rows only, a minute later. For the system only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT fugong_gather_statistics()")
