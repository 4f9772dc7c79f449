"""What may be asked, who may answer, what an answer does, and what the database refuses whoever asks it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

import builders
from fugong.base import local
from fugong.base.access import acting, as_user
from fugong.base.models import User
from fugong.clearance.queries import status
from fugong.ledger import services as ledger
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.redress import queries, services
from fugong.redress.models import Evidence, Request
from fugong.redress.services import File, RedressError, Right

pytestmark = pytest.mark.django_db
NOW = builders.NOW
JPEG = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def worker(place: builders.Place) -> UUID:
    return place.workers["fevered"]


@pytest.fixture
def login(worker: UUID) -> User:
    return builders.user("worker", worker, "fevered")


@pytest.fixture
def administrator(place: builders.Place) -> User:
    return place.users["town_administrator"]


def fact_of(worker: UUID, kind: str = "temperature") -> Fact:
    return Fact.objects.filter(subject=worker, kind=kind).earliest("start")


def ask(worker: UUID, login: User, **changed: object) -> Request:
    fact = fact_of(worker)
    right = Right({**fact.values, "celsius": 36.8}, fact.start)
    given = {"worker": worker, "fact": fact.pk, "wrong": "misread", "right": right, "actor": login.pk, "now": NOW}
    return services.file_correction(**(given | changed))  # type: ignore[arg-type]


def code_of(action: object) -> str:
    with pytest.raises(Exception) as error:
        action()  # type: ignore[operator]
    return getattr(error.value, "code", type(error.value).__name__)


def test_a_correction_is_due_after_three_days_and_escalates_then(worker, login):
    request = ask(worker, login)
    assert (request.filed_at, request.due_at) == (NOW, NOW + 3 * local.DAY)
    assert services.escalate(request.due_at - 1) == 0
    assert queries.waiting(request.due_at - 1) == queries.Waiting(1, 0)
    assert queries.waiting(request.due_at) == queries.Waiting(1, 1)
    assert services.escalate(request.due_at) == 1
    assert services.escalate(request.due_at + 60) == 0
    request.refresh_from_db()
    assert request.escalated_at == request.due_at


def test_whose_clock_has_run_out_stands_first(place, worker, login):
    late = ask(worker, login)
    cleared = place.workers["cleared"]
    earlier = services.file_correction(
        worker=cleared, fact=fact_of(cleared, "register").pk, wrong="wrong", right=None, actor=login.pk, now=NOW - 60
    )
    Request.objects.filter(pk=late.pk).update(escalated_at=late.due_at)
    assert list(queries.in_order(Request.objects.all())) == [late, earlier]


def test_the_right_value_must_be_one_that_the_ledger_would_take(worker, login):
    fact = fact_of(worker)
    same = Right(fact.values, fact.start)
    assert code_of(lambda: ask(worker, login, right=same)) == "redress.nothing_changed"
    assert code_of(lambda: ask(worker, login, right=Right({"celsius": 99}, fact.start))) == "fact.wrong_value"
    assert code_of(lambda: ask(worker, login, right=Right({"celsius": 36.8}, NOW + 3600))) == "fact.future"
    assert code_of(lambda: ask(worker, login, wrong="  ")) == "redress.words"
    assert code_of(lambda: ask(worker, login, wrong="很" * 1001)) == "redress.words"
    assert Request.objects.count() == 0


def test_nobody_asks_about_somebody_elses_fact_nor_twice_about_one(place, worker, login):
    assert code_of(lambda: ask(place.workers["untested"], login, fact=fact_of(worker).pk)) == "redress.no_fact"
    ask(worker, login)
    assert code_of(lambda: ask(worker, login)) == "redress.open_already"


def test_granting_supersedes_and_the_permission_follows(worker, login, administrator):
    request = ask(worker, login)
    assert not status(worker, "work", NOW).holds
    assert services.grant(request_id=request.pk, answer="right", actor=administrator.pk, now=NOW + 60) is None
    newer = Fact.objects.get(supersedes=request.fact)
    assert (newer.values["celsius"], newer.actor_id, newer.source) == (36.8, administrator.pk, "redress")
    assert status(worker, "work", NOW).holds
    request.refresh_from_db()
    assert (request.state, request.result_id, request.is_new()) == ("granted", newer.pk, True)
    services.note_seen(request_id=request.pk, now=NOW + 120)
    request.refresh_from_db()
    assert not request.is_new()


def test_a_fact_that_never_was_is_withdrawn(worker, login, administrator):
    request = ask(worker, login, right=None)
    services.grant(request_id=request.pk, answer="right", actor=administrator.pk, now=NOW)
    assert Fact.objects.get(supersedes=request.fact).withdrawn


def test_what_was_corrected_meanwhile_as_asked_is_granted_without_another_fact(worker, login, administrator):
    request = ask(worker, login)
    new = NewFact(worker, "temperature", request.fact.start, request.proposed)
    done = ledger.correct(
        fact_id=request.fact_id, replacement=new, reason="mistyped", source="page", evidence="a paper", now=NOW
    )
    services.grant(request_id=request.pk, answer="right", actor=administrator.pk, now=NOW)
    request.refresh_from_db()
    assert request.result_id == done
    assert Fact.objects.filter(subject=worker, kind="temperature").count() == 2


def test_what_was_corrected_otherwise_is_not_granted(worker, login, administrator):
    request = ask(worker, login)
    new = NewFact(worker, "temperature", request.fact.start, {**request.proposed, "celsius": 37.0})
    ledger.correct(
        fact_id=request.fact_id, replacement=new, reason="mistyped", source="page", evidence="a paper", now=NOW
    )
    act = lambda: services.grant(request_id=request.pk, answer="a", actor=administrator.pk, now=NOW)  # noqa: E731
    assert code_of(act) == "redress.changed_since"


def test_the_town_does_not_correct_what_rosters_say(worker, login, administrator):
    fact = fact_of(worker, "employment")
    right = Right({**fact.values, "workshop": "染整"}, fact.start)
    request = ask(worker, login, fact=fact.pk, right=right)
    with pytest.raises(RedressError) as error:
        services.grant(request_id=request.pk, answer="a", actor=administrator.pk, now=NOW)
    assert error.value.code == "redress.by_roster"
    assert "临江纺织有限公司" in error.value.message
    services.refuse(request_id=request.pk, answer="请找企业", actor=administrator.pk, now=NOW)
    assert not Fact.objects.filter(supersedes=fact).exists()


def test_who_stated_it_and_who_filed_it_may_not_answer(worker, login, administrator):
    other = builders.user("town_administrator", username="second")
    stated = ledger.append(
        facts=[NewFact(worker, "temperature", NOW - 60, {"celsius": 38.1})], source="page", evidence="a paper",
        actor=administrator.pk, now=NOW,
    )[0]  # fmt: skip
    request = ask(worker, login, fact=stated, right=None)
    act = lambda: services.refuse(request_id=request.pk, answer="no", actor=administrator.pk, now=NOW)  # noqa: E731
    assert code_of(act) == "redress.own_statement"
    with pytest.raises(IntegrityError, match="request_answered_by_somebody_else"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(
            state="refused", answer="no", answered_by=administrator, answered_at=NOW
        )
    services.refuse(request_id=request.pk, answer="no", actor=other.pk, now=NOW)
    filed = ask(worker, other)
    act = lambda: services.refuse(request_id=filed.pk, answer="no", actor=other.pk, now=NOW)  # noqa: E731
    assert code_of(act) == "redress.own_request"


def test_an_appeal_is_granted_once_a_reason_is_gone_and_sets_nothing(worker, login, administrator):
    appeal = services.file_appeal(worker=worker, permission="work", wrong="no fever", actor=login.pk, now=NOW)
    grant = lambda: services.grant(request_id=appeal.pk, answer="yes", actor=administrator.pk, now=NOW + 60)  # noqa: E731
    assert code_of(grant) == "redress.still_refused"
    new = NewFact(worker, "temperature", fact_of(worker).start, {"celsius": 36.8})
    ledger.correct(
        fact_id=fact_of(worker).pk, replacement=new, reason="mistyped", source="page", evidence="a paper", now=NOW + 30
    )
    grant()
    appeal.refresh_from_db()
    assert (appeal.state, appeal.result_id) == ("granted", None)


def test_only_a_refusal_can_be_appealed_against(place, login):
    cleared = place.workers["cleared"]

    def act(permission: str = "work") -> None:
        services.file_appeal(worker=cleared, permission=permission, wrong="w", actor=login.pk, now=NOW)

    assert code_of(act) == "redress.not_refused"
    assert code_of(lambda: act(permission="fly")) == "redress.no_permission"


def test_evidence_is_encrypted_and_is_what_it_says(worker, login):
    assert code_of(lambda: ask(worker, login, evidence=[File("a.exe", b"MZ")])) == "redress.file_kind"
    assert code_of(lambda: ask(worker, login, evidence=[File("a.jpg", JPEG)] * 4)) == "redress.too_many_files"
    large = File("a.jpg", JPEG + bytes(services.MOST_BYTES))
    assert code_of(lambda: ask(worker, login, evidence=[large])) == "redress.file_too_large"
    ask(worker, login, evidence=[File("a.jpg", JPEG)])
    stored = Evidence.objects.get()
    assert JPEG not in bytes(stored.encrypted)
    assert (stored.media_type, stored.size) == ("image/jpeg", len(JPEG))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "granted"}, "request_answered_with_an_answer"),
        ({"state": "refused", "answer": "", "answered_at": NOW}, "request_answered_with_an_answer"),
        ({"answer": "yes"}, "request_answered_with_an_answer"),
        ({"escalated_at": NOW}, "request_escalates_when_it_is_due"),
        ({"seen_at": NOW}, "request_answer_seen_after_it_was_given"),
    ],
)
def test_the_database_refuses_what_must_never_be(worker, login, change, constraint):
    request = ask(worker, login)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"due_at": NOW}, "request_is_due_after_it_is_filed"),
        ({"wrong": ""}, "request_says_what_is_wrong"),
        ({"permission": "work"}, "request_is_about_one_thing"),
        ({"kind": "who_looked"}, "request_is_about_one_thing"),
        ({"end": NOW - 10 * local.DAY}, "request_interval_in_order"),
    ],
)
def test_the_database_refuses_wrong_requests(worker, login, change, constraint):
    request = ask(worker, login)
    services.take_back(request_id=request.pk)
    request.pk, request.state = None, "open"
    for name, value in change.items():
        setattr(request, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Request(**{f.attname: getattr(request, f.attname) for f in Request._meta.fields if f.name != "id"}).save()


def test_a_request_granted_without_its_result_is_refused(worker, login, administrator):
    request = ask(worker, login)
    with pytest.raises(IntegrityError, match="request_granted_with_its_result"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(
            state="granted", answer="yes", answered_by=administrator, answered_at=NOW
        )


def seen_by(user: User) -> int:
    with acting(as_user(user)), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM redress_request), (SELECT count(*) FROM redress_evidence)")
        requests, evidence = cursor.fetchone()
    assert requests == evidence
    return int(requests)


def test_the_wall_shows_a_request_to_its_person_the_town_and_who_filed_it(place, worker, login, administrator):
    clerk = place.users["enterprise_clerk"]
    ask(worker, login, evidence=[File("a.jpg", JPEG)])
    assert (seen_by(login), seen_by(administrator)) == (1, 1)
    assert [seen_by(place.users[role]) for role in ("enterprise_clerk", "worker", "guard", "line_leader")] == [
        0,
        0,
        0,
        0,
    ]
    register = fact_of(worker, "register").pk
    ask(worker, clerk, fact=register, right=None, evidence=[File("a.jpg", JPEG)])
    assert (seen_by(clerk), seen_by(login), seen_by(place.users["line_leader"])) == (1, 2, 0)


def test_a_person_cannot_change_what_was_asked(worker, login):
    ask(worker, login)
    with pytest.raises(Exception, match="permission denied"), acting(as_user(login)):
        Request.objects.update(wrong="something else")


def test_a_correction_that_one_person_may_not_make_alone_waits_and_the_request_stays_open(
    place, login, administrator, settings
):
    settings.FUGONG_LOSS_LIMIT = 0
    cleared = place.workers["cleared"]
    fact = fact_of(cleared, "register")
    request = services.file_correction(
        worker=cleared, fact=fact.pk, wrong="I filed none", right=None, actor=login.pk, now=NOW
    )
    with acting(as_user(administrator)):
        waits = services.grant(request_id=request.pk, answer="right", actor=administrator.pk, now=NOW)
    assert waits is not None
    assert waits.people == 1
    request.refresh_from_db()
    assert (request.state, request.answer) == ("open", "")
    assert not Fact.objects.filter(supersedes=fact).exists()
    assert status(cleared, "work", NOW).holds


def test_the_database_lets_nobody_but_the_town_answer_and_nobody_change_an_answer(place, worker, login, administrator):
    request = ask(worker, login)
    said = {"state": "refused", "answer": "no", "answered_by": place.users["deputy"], "answered_at": NOW}
    with pytest.raises(IntegrityError, match="request_is_answered_by_the_town"), acting(as_user(login)):
        Request.objects.filter(pk=request.pk).update(**said)
    services.refuse(request_id=request.pk, answer="no", actor=administrator.pk, now=NOW)
    for change in ({"answer": "never"}, {"state": "open", "answer": "", "answered_by": None, "answered_at": None}):
        with pytest.raises(IntegrityError, match="request_is_closed"), transaction.atomic():
            Request.objects.filter(pk=request.pk).update(**change)
    services.note_seen(request_id=request.pk, now=NOW)
