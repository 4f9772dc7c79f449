"""The steward: every task when it is due, again when it failed, one steward at a time, and no values in its log."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping

import pytest
from django.db import connection

import builders
from fugong.base import access, clock
from fugong.base.logs import WithoutValues
from fugong.clearance.models import Clearance
from fugong.project import beside, steward
from fugong.project.models import TaskRun
from fugong.project.tasks import TASKS, Task
from fugong.registry.models import Upload, Worker

T = 1_583_717_400
SECRET = "张建国 13812345678"


def task(run: Callable[[int], Mapping[str, int]], every: int = 60, **more: bool) -> Task:
    return Task("probe", "Probe", every, run, **more)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set the clock."""

    def put(moment: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    put(T)
    return put


def test_a_task_is_due_at_first_then_after_its_pause_and_sooner_when_it_failed():
    hourly = task(lambda now: {}, every=3600)

    def ran(failures: int) -> TaskRun:
        return TaskRun(name="probe", started_at=T, finished_at=T, failures=failures)

    assert steward.due_in(hourly, None, T) == 0
    assert [steward.due_in(hourly, ran(0), T + passed) for passed in (0, 3599, 3600, 9999)] == [3600, 1, 0, 0]
    assert [steward.due_in(hourly, ran(failures), T) for failures in (1, 2, 3, 7, 8, 500)] == [
        30, 60, 120, 1920, 3600, 3600,
    ]  # fmt: skip
    assert steward.due_in(hourly, ran(0), T - 1) == 0, "the clock was set back"


def test_how_a_run_went_is_written_down_without_the_words_of_its_error(db, at, caplog):
    def fails(now: int) -> Mapping[str, int]:
        raise ValueError(SECRET)

    good = task(lambda now: {"rows": now - T})
    assert [run.error for run in steward.run_due([good])] == [""]
    at(T + 60)
    assert [run.error for run in steward.run_due([task(fails)])] == ["ValueError"]
    row = TaskRun.objects.get(name="probe")
    assert (row.started_at, row.succeeded_at, row.failures, row.figures) == (T + 60, T, 1, {"rows": 0})
    caplog.records[0].exc_text = None  # what another formatter made of it
    logged = WithoutValues().format(caplog.records[0])
    assert "ValueError" in logged
    assert SECRET not in logged
    assert steward.run_due([task(fails)]) == [], "half a minute has to pass first"
    at(T + 90)
    steward.run_due([task(fails)])
    assert TaskRun.objects.get(name="probe").failures == 2
    at(T + 150)
    steward.run_due([good])
    row = TaskRun.objects.get(name="probe")
    assert (row.failures, row.error, row.figures) == (0, "", {"rows": 150})


def test_what_a_failed_task_wrote_is_undone(db, at):
    def writes_and_fails(now: int) -> Mapping[str, int]:
        TaskRun.objects.create(name="half", started_at=now, finished_at=now)
        raise RuntimeError

    steward.run_due([task(writes_and_fails)])
    assert not TaskRun.objects.filter(name="half").exists()


def test_a_task_acts_as_the_system_and_its_name_is_its_purpose(db, at):
    seen = []
    steward.run_due([task(lambda now: seen.append(access.current()) or {})])
    assert [(who.scope, who.purpose, who.origin) for who in seen] == [("system", "steward: probe", "steward")]


def test_a_quick_task_is_noted_once_a_minute_but_every_change_at_once(db):
    def run(moment: int, error: str = "") -> TaskRun:
        return TaskRun(name="probe", started_at=moment, finished_at=moment, error=error, failures=int(bool(error)))

    noted = steward.note(run(T), None)
    assert steward.note(run(T + 2), noted) is noted
    assert TaskRun.objects.get().finished_at == T
    failed = steward.note(run(T + 4, "ValueError"), noted)
    assert (TaskRun.objects.get().finished_at, TaskRun.objects.get().error) == (T + 4, "ValueError")
    assert steward.note(run(T + 6), failed) is not failed
    assert (TaskRun.objects.get().finished_at, TaskRun.objects.get().error) == (T + 6, "")


def test_the_real_tasks_run_on_a_town(db, at):
    """Stored clearances are compared with the ledger, and a changed one is counted; old lists lose their content."""
    place = builders.place()
    clerk = next(user for user in place.users.values() if user.role_name == "enterprise_clerk")
    Upload.objects.create(kind="workers", filename="a.csv", content=b"old", created_at=T - 90_000, actor=clerk)
    assert {run.name: run.error for run in steward.run_due()} == {each.name: "" for each in TASKS}
    runs = {run.name: run for run in TaskRun.objects.all()}
    assert runs["uploads"].figures == {"lists": 1}
    assert runs["clearances"].figures == {"workers": Worker.objects.count(), "differences": 0}
    assert Worker.objects.exists()

    Clearance.objects.filter(permission="work").update(starts=[0], ends=[1])
    at(T + 86_400)
    steward.run_due()
    assert TaskRun.objects.get(name="clearances").figures["differences"] == Worker.objects.count()


def test_reading_as_of_one_moment(transactional_db, at):
    """With ``one_moment`` a task does not see what another transaction commits meanwhile; without, it does."""

    def commit_elsewhere(name: str) -> None:
        def write() -> None:
            try:
                with access.acting(access.as_system("a test")):
                    TaskRun.objects.create(name=name, started_at=T, finished_at=T)
            finally:
                connection.close()

        other = threading.Thread(target=write)
        other.start()
        other.join()

    def counting(name: str) -> Callable[[int], Mapping[str, int]]:
        def run(now: int) -> Mapping[str, int]:
            before = TaskRun.objects.count()
            commit_elsewhere(name)
            return {"seen": TaskRun.objects.count() - before}

        return run

    assert steward.perform(task(counting("a"), one_moment=True), None).figures == {"seen": 0}
    assert steward.perform(task(counting("b")), None).figures == {"seen": 1}


def test_only_one_steward_works_at_a_time_and_another_takes_over(transactional_db, at):
    """The second one begins when the first one is told to stop."""
    began = [threading.Event(), threading.Event()]
    stops = [threading.Event(), threading.Event()]

    def standing(number: int) -> threading.Thread:
        def run(now: int) -> Mapping[str, int]:
            began[number].set()
            return {}

        each = Task(f"probe{number}", "Probe", 60, run)
        thread = threading.Thread(target=steward.stand, args=([each],), kwargs={"stop": stops[number]})
        thread.start()
        return thread

    first = standing(0)
    try:
        assert began[0].wait(20)
        second = standing(1)
        assert not began[1].wait(3)
        stops[0].set()
        assert began[1].wait(20)
    finally:
        for stop in stops:
            stop.set()
        first.join(20)
    second.join(20)
    assert not first.is_alive()
    assert not second.is_alive()


def test_a_steward_beside_the_server_ends_when_the_server_is_gone():
    """Its standard input is a pipe that only the server holds: at its end, it ends, whatever it was doing."""
    with beside._child() as child:
        assert child.poll() is None
    assert child.poll() is not None
    ended = subprocess.run(
        [sys.executable, "-m", "fugong", "steward", "--until-closed"], stdin=subprocess.DEVNULL, timeout=60,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in ended.stderr
