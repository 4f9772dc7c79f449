"""The suite's own database is empty after a test that committed, whatever was still under way."""

from __future__ import annotations

from threading import Thread
from time import monotonic, sleep

import pytest

import databases

LATE = "INSERT INTO base_cache (cache_key, value, expires) VALUES ('late', '', now())"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.django_db(transaction=True)
def test_what_a_last_request_commits_meanwhile_goes_too():
    with databases.superuser() as other, databases.superuser() as looking:
        other.execute("BEGIN")
        other.execute(LATE)
        emptying = Thread(target=databases.empty)
        emptying.start()
        until = monotonic() + 30
        while emptying.is_alive() and not looking.execute(WAITING).fetchone()[0] and monotonic() < until:
            sleep(0.01)
        other.execute("COMMIT")
        emptying.join()
        assert looking.execute("SELECT count(*) FROM base_cache").fetchone() == (0,)
