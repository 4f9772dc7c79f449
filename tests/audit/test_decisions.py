"""Who decided what over many stands in the audit: written by the database itself, by whichever way the row came."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

import builders
from audit.conftest import owner
from fugong.audit import wording
from fugong.audit.models import Entry
from fugong.base import access, clock
from fugong.base.models import User
from fugong.clearance import acts, deputies, proposals
from fugong.clearance.models import Adoption, Deputation, Review, WaitingAct
from fugong.clearance.walls import DECISIONS
from fugong.core.protocol.pack import load, shipped
from fugong.ledger.acts import ACTS
from power.crowd import DAY, NOW, Crowd, crowd, the_one, upload

pytestmark = pytest.mark.django_db
STRICT = shipped()["cn-2022-48h"]


@pytest.fixture
def town(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.FUGONG_LOSS_LIMIT = 3
    return crowd(4)


def by(user: User) -> Any:
    return access.acting(access.as_user(user, purpose="POST /x/"))


def noted(since: int = 0) -> list[tuple[str, Any]]:
    """What was done, and by whom, in order."""
    found = Entry.objects.filter(relation__in=DECISIONS, pk__gt=since).order_by("id")
    return [(one.action, one.actor) for one in found]


def newest() -> int:
    return Entry.objects.latest("id").pk


def proposed(town: Crowd) -> WaitingAct:
    upload(town.as_(town.admin), "resumption", town.suspension)
    return the_one()


@pytest.mark.parametrize("end", ["approved", "refused", "withdrawn", "expired"])
def test_an_act_is_noted_when_it_is_proposed_and_when_it_ends(town: Crowd, end: str) -> None:
    start = newest()
    act = proposed(town)
    assert noted(start) == [("act.proposed", town.admin.pk)]
    if end == "approved":
        with by(town.second):
            acts.approve(act_id=act.pk, by=town.second.pk, now=NOW)
    elif end == "refused":
        town.as_(town.second).post(f"/waiting/{act.pk}/refuse/", {"reason": "no permit"})
    elif end == "withdrawn":
        town.as_(town.admin).post(f"/waiting/{act.pk}/withdraw/")
    else:
        with access.acting(access.as_system("steward: acts")):
            acts.escalate(now=NOW + DAY)
            acts.expire(now=NOW + 8 * DAY)
    who = {"approved": town.second.pk, "refused": town.second.pk, "withdrawn": town.admin.pk, "expired": None}[end]
    escalated = [("act.escalated", None)] if end == "expired" else []
    assert noted(start)[1:] == [*escalated, (f"act.{end}", who)]
    entry = Entry.objects.get(action=f"act.{end}")
    assert entry.details == {"id": str(act.pk), "act": "list", "losing": 4}
    assert entry.subjects == []


def test_a_protocol_is_noted_with_its_digest_when_it_is_adopted_and_suspended(town: Crowd) -> None:
    start = newest()
    with by(town.admin):
        draft = proposals.propose_pack(text=STRICT, effective_from=NOW, now=NOW, actor=town.admin.pk)
        acts.recount(act_id=acts.send(act_id=draft.pk, by=town.admin.pk, now=NOW).pk, now=NOW + 1)
    with by(town.second):
        made = acts.approve(act_id=draft.pk, by=town.second.pk, now=NOW)
        back = proposals.propose_suspension(adoption_id=made.pk, effective_from=NOW, now=NOW, actor=town.second.pk)
        acts.send(act_id=back.pk, by=town.second.pk, now=NOW)
    with by(town.admin):
        acts.approve(act_id=back.pk, by=town.admin.pk, now=NOW)
    assert noted(start) == [
        ("act.drafted", town.admin.pk), ("act.sent", town.admin.pk), ("act.counted", town.admin.pk),
        ("protocol.adopted", town.admin.pk), ("act.approved", town.second.pk),
        ("act.drafted", town.second.pk), ("act.sent", town.second.pk),
        ("protocol.suspended", town.second.pk), ("act.approved", town.admin.pk),
    ]  # fmt: skip
    for action in ("protocol.adopted", "protocol.suspended"):
        details = Entry.objects.filter(action=action).latest("id").details
        assert (details["digest"], details["from"], details["first"]) == (load(STRICT).digest, NOW, False)
        assert details["protocol"] == f"{made.pack} {made.version}"


def test_a_deputy_is_noted_by_user_name_and_time(town: Crowd) -> None:
    with by(town.second):
        deputies.name_deputy(deputy=town.deputy.pk, start=NOW, end=NOW + DAY, by=town.second.pk, now=NOW)
    entry = Entry.objects.get(action="deputy.named")
    assert entry.actor == town.second.pk
    told = {name: entry.details[name] for name in ("username", "role", "from", "until")}
    assert told == {"username": town.deputy.username, "role": "deputy", "from": NOW, "until": NOW + DAY}


def test_a_review_is_noted_when_it_is_opened_overdue_and_looked_at(town: Crowd) -> None:
    start = newest()
    review = Review.objects.create(at=NOW, actor=town.admin, kinds=["test"], effect={"losing": 4})
    acts.escalate(now=NOW + DAY)
    with by(town.second):
        acts.note_review(review_id=review.pk, by=town.second.pk, note="called the laboratory", now=NOW)
    assert [action for action, _who in noted(start)] == ["review.opened", "review.escalated", "review.looked_at"]
    entry = Entry.objects.get(action="review.looked_at")
    assert (entry.actor, entry.details) == (town.second.pk, {"id": str(review.pk), "losing": 4})


@pytest.mark.parametrize(
    ("statement", "action"),
    [
        ("UPDATE clearance_waitingact SET state = 'refused'", "act.refused"),
        ("UPDATE clearance_waitingact SET created_at = created_at - 1", "act.changed"),
        ("UPDATE clearance_review SET reviewed_at = 1, note = 'x'", "review.looked_at"),
        ("UPDATE clearance_review SET note = 'x'", "review.changed"),
        (
            'INSERT INTO clearance_deputation (id, deputy_id, named_by_id, start, "end", recorded_at) '
            'SELECT gen_random_uuid(), deputy_id, named_by_id, start, "end", recorded_at FROM clearance_deputation',
            "deputy.named",
        ),
        (
            "INSERT INTO clearance_adoption (id, pack, version, digest, text, effective_from, recorded_at, actor_id, "
            "approved_by_id, first) SELECT gen_random_uuid(), pack, version, digest, text, effective_from + 1, recorded_at, "
            "NULL, (SELECT id FROM base_user WHERE username = 'second'), false FROM clearance_adoption",
            "protocol.adopted",
        ),
    ],
)
def test_what_is_written_by_raw_sql_is_noted_too(town: Crowd, statement: str, action: str) -> None:
    _one_of_each(town)
    start = newest()
    with by(town.second), connection.cursor() as cursor:
        cursor.execute(statement)
    assert noted(start) == [(action, town.second.pk)]


def _one_of_each(town: Crowd) -> None:
    proposed(town)
    Review.objects.create(at=NOW, kinds=["test"], effect={"losing": 4})
    Deputation.objects.create(
        deputy=town.deputy, named_by=town.second, start=NOW, end=NOW + DAY, recorded_at=NOW
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "action"),
    [
        ("UPDATE clearance_adoption SET digest = 'x'", "protocol.changed"),
        ('UPDATE clearance_deputation SET "end" = "end" + 1', "deputy.changed"),
        ("DELETE FROM clearance_deputation", "deputy.removed"),
        ("DELETE FROM clearance_review", "review.removed"),
        ("DELETE FROM clearance_waitingact", "act.removed"),
        ("TRUNCATE clearance_deputation", "truncate"),
    ],
)
def test_what_the_owner_of_the_tables_changes_or_removes_is_noted_too(
    settings: Any, monkeypatch: pytest.MonkeyPatch, statement: str, action: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.FUGONG_LOSS_LIMIT = 3
    town = crowd(4)
    _one_of_each(town)
    start = newest()
    with owner() as connected:
        connected.execute(statement.encode())
    assert noted(start) == [(action, None)]


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["act proposed: it waits", "taking in a list · takes a permission from 4", "act refused", "deputy named"]),
    ("zh-hans", ["事项已提出，等待审批", "导入名单 · 使4人失去许可", "事项已拒绝", "指定代班负责人"]),
])  # fmt: skip
def test_the_auditors_page_says_it_in_words(town: Crowd, language: str, words: list[str]) -> None:
    act = proposed(town)
    town.as_(town.second).post(f"/waiting/{act.pk}/refuse/", {"reason": "no permit"})
    with by(town.second):
        deputies.name_deputy(deputy=town.deputy.pk, start=NOW, end=NOW + DAY, by=town.second.pk, now=NOW)
    client = Client()
    client.force_login(builders.user("auditor"))
    client.cookies["django_language"] = language
    page = client.get("/audit/?kind=power").content.decode()
    for word in [*words, f"{town.deputy.username} · "]:
        assert word in page, word


def test_every_kind_of_act_and_every_table_has_its_words() -> None:
    assert set(wording.ACTS) == set(ACTS)
    assert set(DECISIONS) <= set(wording.RELATIONS)
    assert Adoption._meta.db_table in DECISIONS
