"""What would take a permission from many waits for a second person: by page, API and command line, whole or in pieces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

import builders
from fugong.base import access, clock
from fugong.base.roles import ROLES
from fugong.clearance import acts, gate
from fugong.clearance.models import Deputation, Loss, Review, WaitingAct
from fugong.clearance.queries import status
from fugong.ledger import acts as ledger_acts
from fugong.ledger import services as ledger
from fugong.ledger.acts import Done, Waits
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError
from fugong.project.cli.imports import command
from fugong.registry import services as registry
from fugong.registry.models import Division, Employment, Upload
from parallel import at_once
from power.crowd import (
    DAY,
    FAR,
    LATER,
    NOW,
    RISK_LEVELS,
    Crowd,
    crowd,
    everything,
    roster_of,
    send,
    the_one,
    upload,
    working,
)

MANY = 1_317
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_half_past_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def dozen(settings: Any) -> Crowd:
    """Twelve workers, and a limit of five."""
    settings.FUGONG_LOSS_LIMIT = 5
    return crowd(12)


def far() -> str:
    return str(Division.objects.get(code=FAR).pk)


def test_1317_results_that_a_town_administrator_states_by_the_api_wait():
    """Nobody knows that a laboratory found anything: it is one official's word about 1,317 people."""
    town = crowd(MANY)
    found = {"result": "positive", "sampled_at": NOW - 7200, "reported_at": NOW - 60}
    before = everything()
    facts = [{"subject": str(one), "at": NOW - 7200, "values": found} for one in town.workers]
    assert {one["status"] for one in send(town.as_(town.admin), "test", facts)} == {"waiting"}
    assert (everything(), the_one().effect["permissions"]["work"]) == (before, [MANY, 0])
    assert not Review.objects.exists()


def high(**more: Any) -> list[dict[str, Any]]:
    return [{"subject": far(), "from": NOW - 30 * DAY, "values": {"level": "high"}, **more}]


def test_one_risk_level_one_suspension_and_one_correction_wait_when_they_hit_1317():
    town = crowd(MANY)
    before = everything()
    where = upload(town.as_(town.admin), "risk_level", RISK_LEVELS)
    assert where == f"/waiting/{the_one().pk}/"
    assert the_one().effect["permissions"]["work"] == [MANY, 0]
    [answer] = send(town.as_(town.second), "risk_level", high())
    assert answer["status"] == "waiting"
    assert WaitingAct.objects.get(pk=answer["act"]).effect["losing"] == MANY
    upload(town.as_(town.admin), "resumption", town.suspension)
    correction = ledger_acts.perform_correction(
        fact_id=town.resumption, replacement=None, reason="not permitted", source="page", evidence="notice 12", now=NOW,
        actor=town.admin.pk,
    )  # fmt: skip
    assert isinstance(correction, Waits)
    assert correction.people == MANY
    waiting = WaitingAct.objects.filter(state="waiting")
    assert sorted(waiting.values_list("act", flat=True)) == ["correct", "facts", "list", "list"]
    assert {act.effect["enterprises"][0][1] for act in waiting} == {MANY}
    assert everything() == before
    assert working(town) == MANY


def test_a_roster_with_many_leavers_waits_whole(dozen: Crowd):
    client = dozen.as_(dozen.clerk)
    answer = client.post(f"/enterprises/{dozen.plant.pk}/roster/", {"file": roster_of(dozen, range(4))})
    leavers = [str(one) for one in dozen.workers[4:]]
    before = everything()
    taken = client.post(f"{answer.url}take-in/", {"leaver": leavers})
    assert client.get(taken.url).url == f"/waiting/{the_one().pk}/"
    assert the_one().effect["losing"] == 8
    assert everything() == before
    assert Employment.objects.filter(enterprise=dozen.plant, active=True).count() == 12
    upload_ = Upload.objects.get()
    assert (upload_.state, upload_.content) == ("waiting", None)
    page = client.get(f"/waiting/{the_one().pk}/").content.decode()
    assert "等待第二人同意" in page
    assert "撤回" in page
    acts.approve(act_id=the_one().pk, by=dozen.admin.pk, now=NOW + 60)
    assert Employment.objects.filter(enterprise=dozen.plant, active=True).count() == 4
    upload_.refresh_from_db()
    assert (upload_.state, upload_.result["left"]) == ("done", 8)
    assert set(Fact.objects.filter(recorded_at=NOW + 60).values_list("actor_id", flat=True)) == {dozen.clerk.pk}


def test_nobody_reads_the_name_of_a_file_that_waits_nor_a_number_in_any_files_name(dozen: Crowd):
    number, phone, name = "350182199702288627", "188-5917-9340", "欧阳澜漪"
    file = roster_of(dozen, range(4))
    file.name = f"{name} {number} {phone} 2020-03-09.csv"
    clerk = dozen.as_(dozen.clerk)
    answer = clerk.post(f"/enterprises/{dozen.plant.pk}/roster/", {"file": file})
    clerk.post(f"{answer.url}take-in/", {"leaver": [str(one) for one in dozen.workers[4:]]})
    act, uploaded = the_one(), Upload.objects.get()
    assert act.filename == file.name
    patch = registry.add_patch(name="一片区").pk
    scopes = {
        "enterprise": dozen.plant.pk,
        "patch": patch,
        "worker": dozen.workers[0],
        "site": registry.add_site(name="宾馆").pk,
    }
    Deputation.objects.create(deputy=dozen.deputy, named_by=dozen.admin, start=0, end=NOW + DAY, recorded_at=NOW)
    known = {"enterprise_clerk": dozen.clerk, "deputy": dozen.deputy}
    seen: set[str] = set()
    for role in ROLES.values():
        client = Client()
        scope = scopes.get(role.scope)
        client.force_login(known.get(role.name) or builders.user(role.name, scope, f"one-{role.name}"))
        for path in (f"/waiting/{act.pk}/", "/waiting/", f"/api/v1/waiting/{act.pk}", "/api/v1/waiting", "/town/", "/uploads/",
                     f"/uploads/{uploaded.pk}/", f"/uploads/{uploaded.pk}/marked.xlsx"):  # fmt: skip
            page = client.get(path, follow=True)
            told = page.content.decode(errors="replace") + str(page.headers)
            assert not {one for one in (number, number[-8:], phone, phone.replace("-", "")) if one in told}, (
                role.name,
                path,
            )
            if "waiting" in path:
                assert name not in told, (role.name, path)
            if path.startswith("/waiting/") and str(act.pk) in path and page.status_code == 200:
                seen.add(role.name)
                assert act.evidence in told  # the file's digest
                assert '<dt>行数</dt><dd translate="no">4</dd>' in told
    assert seen == {"town_administrator", "deputy", "enterprise_clerk"}
    for given, shown in (
        (f"{name} {number}.csv", f"{name} ····8627.csv"), (f"{phone}名单.csv", "····9340名单.csv"),
        (file.name, f"{name} ····0309.csv"), ("花名册 2020-03-09.xlsx", "花名册 2020-03-09.xlsx"),
    ):  # fmt: skip
        assert Upload(filename=given).shown_name == shown


def test_by_somebody_elses_agreement_a_list_finds_nobody_more(dozen: Crowd):
    """A clerk's roster names another employer's worker: the town agrees, and the clerk still gets no file of theirs."""
    other = builders.enterprise(2, "南山精工有限公司", resumed=False)
    [stranger] = builders.workers(other, 1, first=100)
    rows = [f"{builders.name(n)},{builders.resident_number(n)}" for n in (0, 1, 100)]
    file = SimpleUploadedFile("roster.csv", "\n".join(["姓名,身份证号", *rows]).encode())
    client = dozen.as_(dozen.clerk)
    answer = client.post(f"/enterprises/{dozen.plant.pk}/roster/", {"file": file})
    client.post(f"{answer.url}take-in/", {"leaver": [str(one) for one in dozen.workers[2:]]})
    acts.approve(act_id=the_one().pk, by=dozen.admin.pk, now=NOW + 60)
    assert not Employment.objects.filter(worker_id=stranger, enterprise=dozen.plant).exists()
    assert Employment.objects.filter(enterprise=dozen.plant, active=True).count() == 3


def test_a_few_leavers_leave_at_once(dozen: Crowd):
    client = dozen.as_(dozen.clerk)
    answer = client.post(f"/enterprises/{dozen.plant.pk}/roster/", {"file": roster_of(dozen, range(8))})
    client.post(f"{answer.url}take-in/", {"leaver": [str(one) for one in dozen.workers[8:]]})
    assert not WaitingAct.objects.exists()
    assert working(dozen) == 8
    assert [len(one.workers) for one in Loss.objects.all()] == [4]


def test_a_roster_by_the_api_that_takes_much_waits(dozen: Crowd):
    """A roster by which everybody's employment begins next month."""
    rows = [f"{builders.name(n)},{builders.resident_number(n)},{LATER}" for n in range(12)]
    file = SimpleUploadedFile("roster.csv", "\n".join(["姓名,身份证号,入职日期", *rows]).encode())
    before = everything()
    answer = dozen.as_(dozen.clerk).post(f"/api/v1/enterprises/{dozen.plant.pk}/roster", {"file": file}).json()
    assert answer["waiting"] == str(the_one().pk)
    assert answer["updated"] == 12
    assert everything() == before


def imported(tmp_path: Path, kind: str, text: str) -> Any:
    file = tmp_path / "list.tsv"
    file.write_text(text)
    with translation.override("en"):
        return CliRunner().invoke(command, ["facts", kind, str(file), "--json"])


def test_the_command_line_waits_too_and_names_the_operator(dozen: Crowd, tmp_path: Path):
    before = everything()
    result = imported(tmp_path, "resumption", dozen.suspension)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["waiting"] == str(the_one().pk)
    assert everything() == before
    assert the_one().proposer is None
    assert the_one().proposed_as
    acts.approve(act_id=the_one().pk, by=dozen.admin.pk, now=NOW)
    assert working(dozen) == 0


@pytest.mark.parametrize("by_command", [True, False])
def test_a_deputy_who_states_nothing_agrees_to_what_others_state(dozen: Crowd, tmp_path: Path, by_command: bool):
    """An act is its proposer's, the operator's too: theirs are the kinds that it states."""
    Deputation.objects.create(
        deputy=dozen.deputy, named_by=dozen.second, start=NOW - DAY, end=NOW + DAY, recorded_at=NOW - DAY
    )
    if by_command:
        imported(tmp_path, "resumption", dozen.suspension)
    else:
        upload(dozen.as_(dozen.admin), "resumption", dozen.suspension)
    with access.acting(access.as_user(dozen.deputy)):
        acts.approve(act_id=the_one().pk, by=dozen.deputy.pk, now=NOW)
    assert working(dozen) == 0


def leave(town: Crowd, workers: list[Any], now: int, actor: Any) -> None:
    """A fact that takes everything from some workers: suspected of the infection."""
    facts = [NewFact(one, "diagnosis", now - 60, {"finding": "suspected"}) for one in workers]
    ledger.append(facts=facts, source="page", evidence="notice", now=now, actor=actor)


def test_splitting_evades_nothing(dozen: Crowd):
    leave(dozen, dozen.workers[:3], NOW, dozen.admin.pk)
    leave(dozen, dozen.workers[3:5], NOW + 3600, dozen.admin.pk)
    before = everything()
    with pytest.raises(gate.TooMany):
        leave(dozen, dozen.workers[5:6], NOW + 7200, dozen.admin.pk)
    assert everything() == before
    leave(dozen, dozen.workers[5:8], NOW + 7200, dozen.second.pk)
    leave(dozen, dozen.workers[8:9], NOW + DAY + 1, dozen.admin.pk)
    assert gate.lost_within_a_day(dozen.admin.pk, NOW + DAY + 1) == {*dozen.workers[3:5], dozen.workers[8]}


def test_whoever_has_the_command_line_is_one_actor(dozen: Crowd):
    leave(dozen, dozen.workers[:5], NOW, None)
    with pytest.raises(gate.TooMany) as refused:
        leave(dozen, dozen.workers[5:6], NOW, None)
    assert "6" in refused.value.in_language("en")


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_the_same_moment_are_counted_together(settings: Any):
    settings.FUGONG_LOSS_LIMIT = 5
    town = crowd(12)

    def batch(workers: list[Any]) -> Any:
        def call() -> bool:
            try:
                leave(town, workers, NOW, town.admin.pk)
            except gate.TooMany:
                return False
            return True

        return call

    assert sorted(at_once(batch(town.workers[:4]), batch(town.workers[4:8]))) == [False, True]
    assert working(town) == 8


def test_laboratory_results_act_at_once_and_are_looked_at_afterwards(dozen: Crowd):
    found = {"result": "positive", "sampled_at": NOW - 7200, "reported_at": NOW - 60}
    facts = [{"subject": str(one), "at": NOW - 7200, "values": found} for one in dozen.workers]
    answers = send(dozen.as_(builders.user("sampling_staff")), "test", facts, "report 44")
    assert {one["status"] for one in answers} == {"added"}
    assert working(dozen) == 0
    assert not WaitingAct.objects.exists()
    review = Review.objects.get()
    assert (review.kinds, review.evidence, review.effect["losing"]) == (["test"], "report 44", 12)
    page = dozen.as_(dozen.second).get("/waiting/").content.decode()
    assert "影响多人的大批检测" in page
    dozen.as_(dozen.second).post(f"/waiting/reviews/{review.pk}/", {"note": "called the laboratory"})
    review.refresh_from_db()
    assert (review.reviewed_by, review.note) == (dozen.second, "called the laboratory")


def test_measurements_taken_back_by_somebody_else_are_an_administrative_act(dozen: Crowd):
    registers = Fact.objects.filter(kind="register")
    back = [
        NewFact(fact.subject_id, "register", fact.start, fact.values, fact.end, supersedes=fact.pk, withdrawn=True,
                reason="corrected")
        for fact in registers
    ]  # fmt: skip
    with pytest.raises(gate.TooMany):
        ledger.append(facts=back, source="page", evidence="notice", now=NOW, actor=dozen.admin.pk)
    assert working(dozen) == 12


def test_what_takes_a_permission_says_on_what_evidence_and_by_whom(dozen: Crowd):
    fact = NewFact(dozen.workers[0], "diagnosis", NOW - 60, {"finding": "suspected"})
    with pytest.raises(FactError) as refused:
        ledger.append(facts=[fact], source="page", now=NOW, actor=dozen.admin.pk)
    assert refused.value.code == "fact.no_evidence"
    fever = NewFact(dozen.workers[0], "temperature", NOW - 60, {"celsius": 38.2})
    with pytest.raises(FactError):
        ledger.append(facts=[fever], source="door", now=NOW, actor=dozen.admin.pk)
    assert working(dozen) == 12
    stored = ledger.append(facts=[fever], source="door", now=NOW, actor=dozen.admin.pk, evidence="door:1")
    assert Fact.objects.get(pk=stored[0]).evidence == "door:1"
    assert not status(dozen.workers[0], "work", NOW).holds


def test_by_the_api_evidence_is_a_field_and_its_lack_is_said(dozen: Crowd):
    client = dozen.as_(dozen.admin)
    one = {"subject": str(dozen.workers[0]), "from": NOW - 60, "values": {"finding": "suspected"}}
    answer = client.post("/api/v1/facts/diagnosis", json.dumps([one]), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "fact.no_evidence")
    [said] = send(client, "diagnosis", [one | {"evidence": "hospital 9"}], "")
    assert Fact.objects.get(pk=said["id"]).evidence == "hospital 9"


def test_a_file_is_evidence_by_its_digest(dozen: Crowd):
    upload(dozen.as_(dozen.admin), "risk_level", "地区\t风险等级\t开始日期\n武汉市\t高\t2020-02-01\n")
    assert Fact.objects.get(kind="risk_level").evidence.startswith("sha256:")


def test_gains_never_wait(dozen: Crowd):
    withdrawn = ledger_acts.perform_correction(
        fact_id=dozen.resumption, replacement=None, reason="wrong", source="page", evidence="n", now=NOW,
        actor=dozen.admin.pk,
    )  # fmt: skip
    assert isinstance(withdrawn, Waits)
    acts.approve(act_id=withdrawn.id, by=dozen.second.pk, now=NOW)
    assert working(dozen) == 0
    again = ledger_acts.perform("facts", {"facts": [{
        "subject": str(dozen.plant.pk), "kind": "resumption", "start": NOW - 60, "values": {}, "end": None,
        "id": str(dozen.workers[0]), "supersedes": None, "withdrawn": False, "reason": "", "evidence": "",
    }]}, now=NOW, actor=dozen.admin.pk, evidence="permit")  # fmt: skip
    assert isinstance(again, Done)
    assert working(dozen) == 12
