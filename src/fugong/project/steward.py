"""The steward: one process beside the server that does what must be done again and again.

One steward is at work at a time (an advisory lock of the database); another one waits until its post is free. Each task
has a thread and a connection of its own, so that a long one keeps no other waiting. What fails is logged by its kind and
its places, without values, and tried again: after half a minute, then after twice as long each time, at the latest when
the task is due anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections, connection
from psycopg import IsolationLevel

from fugong.base import access, clock
from fugong.project.models import TaskRun
from fugong.project.tasks import TASKS, Task

logger = logging.getLogger(__name__)

POST = 0x66_67_73
"""The advisory lock that the steward at work holds."""
FIRST_RETRY = 30
NOTED = 60
"""A task that runs every few seconds is noted at most once in so many seconds, while nothing changes."""
_LOOK = 2.0  # seconds between two looks whether the post is still ours
_NAP = 30.0  # seconds after which a thread looks at the clock again, which may have been set
_PATIENCE = 5.0  # seconds for tasks to end; the transaction of one that takes longer is rolled back


def due_in(task: Task, last: TaskRun | None, now: int) -> int:
    """In how many seconds a task is due; 0 when it is due now."""
    if last is None or now < last.started_at:  # a clock that was set back starts it anew
        return 0
    pause = min(task.every, FIRST_RETRY * 2 ** min(last.failures - 1, 20)) if last.failures else task.every
    return max(0, last.started_at + pause - now)


def perform(task: Task, last: TaskRun | None) -> TaskRun:
    """Run a task once and return how it went; never raises for what goes wrong in it."""
    started, figures, error = clock.now(), {}, ""
    try:
        with _isolation(task), access.acting(access.as_system(f"steward: {task.name}", origin="steward")):
            figures = dict(task.run(started))
    except Exception as failure:  # whatever it is, the other tasks go on and this one is tried again
        error = type(failure).__qualname__
        logger.error("The task %s failed and will be tried again.", task.name, exc_info=True)
    ended = clock.now()
    if error:
        before = last or TaskRun()
        return TaskRun(
            name=task.name, started_at=started, finished_at=ended, succeeded_at=before.succeeded_at,
            failures=before.failures + 1, error=error, figures=before.figures,
        )  # fmt: skip
    return TaskRun(name=task.name, started_at=started, finished_at=ended, succeeded_at=ended, figures=figures)


@contextmanager
def _isolation(task: Task) -> Iterator[None]:
    """The next transaction of this connection reads as of one moment, where the task needs that."""
    if not task.one_moment or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    connection.connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        yield
    finally:
        if not connection.connection.closed:
            connection.connection.isolation_level = None


def note(run: TaskRun, noted: TaskRun | None) -> TaskRun | None:
    """Write down how a run went, unless that was written a moment ago and nothing changed; returns what is written."""
    if noted and not (run.error or noted.error) and 0 <= run.finished_at - noted.finished_at < NOTED:
        return noted
    columns = ["started_at", "finished_at", "succeeded_at", "failures", "error", "figures"]
    try:
        with access.acting(access.as_system("steward: note", origin="steward")):
            TaskRun.objects.bulk_create([run], update_conflicts=True, unique_fields=["name"], update_fields=columns)
    except DatabaseError:
        logger.error("The run of the task %s could not be written down.", run.name, exc_info=True)
        return noted
    return run


def last_runs() -> dict[str, TaskRun]:
    """The last run of each task that has run, by its name."""
    with access.acting(access.as_system("steward: last runs", origin="steward")):
        return {run.name: run for run in TaskRun.objects.all()}


def run_due(tasks: Sequence[Task] = TASKS) -> list[TaskRun]:
    """Run every task that is due, once, one after another; returns how they went. For cron, and for tests."""
    before, now = last_runs(), clock.now()
    done = []
    for task in tasks:
        if due_in(task, before.get(task.name), now) == 0:
            run = perform(task, before.get(task.name))
            note(run, None)
            done.append(run)
    return done


def stand(tasks: Sequence[Task] = TASKS, *, stop: Event) -> None:
    """Be the steward until ``stop`` is set: wait for the post, then keep every task going."""
    waited = False
    while not stop.is_set():
        if _take_post():
            _work(tasks, stop)
            continue
        if not waited:
            logger.warning("Another steward is at work, or the database cannot be reached: waiting.")
            waited = True
        stop.wait(_LOOK)


def _take_post() -> bool:
    try:
        close_old_connections()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [POST])
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        connection.close()
        return False


def _still_ours() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


class StillBusyError(RuntimeError):
    """A task goes on although the post is lost: two stewards must not work at once, so this process has to end."""


def _work(tasks: Sequence[Task], stop: Event) -> None:
    """Keep every task going until ``stop`` is set or the lock is lost with its connection."""
    dismissed = Event()
    threads = [Thread(target=_keep_doing, args=(task, dismissed), name=task.name, daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        while not stop.wait(_LOOK) and _still_ours():
            pass
    finally:
        dismissed.set()
        for thread in threads:
            thread.join(_PATIENCE)
        connection.close()
    if not stop.is_set() and any(thread.is_alive() for thread in threads):
        raise StillBusyError


def _keep_doing(task: Task, dismissed: Event) -> None:
    try:
        noted = last = _last(task)
        while not dismissed.is_set():
            pause = due_in(task, last, clock.now())
            if pause:
                dismissed.wait(min(pause, _NAP))
                continue
            close_old_connections()
            last = perform(task, last)
            noted = note(last, noted)
    finally:
        connection.close()


def _last(task: Task) -> TaskRun | None:
    """The last run; none when the database cannot say so, in which case the task runs once too often."""
    try:
        return last_runs().get(task.name)
    except DatabaseError:
        return None
