"""The ledger: what it takes, what it refuses, and what it never changes."""

from __future__ import annotations

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

import databases
from fugong.base.ids import uuid7
from fugong.core.time import PLUS_INF
from fugong.ledger import services
from fugong.ledger.kinds import KINDS
from fugong.ledger.models import Fact, Subject
from fugong.ledger.queries import about, standing
from fugong.ledger.services import NewFact
from fugong.ledger.validation import FactError

pytestmark = pytest.mark.django_db
NOON = 1_583_726_400


@pytest.fixture
def subject() -> Subject:
    return Subject.objects.create(kind="worker")


def append(*facts: NewFact, now: int = NOON) -> list:
    return services.append(facts=facts, source="test", evidence="a paper", now=now)


def test_a_fact_is_kept_with_raw_values_and_both_times(subject):
    append(NewFact(subject.pk, "temperature", NOON - 60, {"celsius": 36.8, "place": "door"}))
    fact = Fact.objects.get()
    assert (fact.start, fact.end, fact.recorded_at) == (NOON - 60, NOON - 59, NOON)
    assert fact.values == {"celsius": 36.8, "place": "door"}


def test_a_state_without_an_end_goes_on(subject):
    append(NewFact(subject.pk, "household", NOON, {"division": "420106"}))
    assert Fact.objects.get().end == PLUS_INF


@pytest.mark.parametrize(
    ("kind", "values", "code", "field"),
    [
        ("horoscope", {}, "fact.unknown_kind", ""),
        ("temperature", {}, "fact.missing", "celsius"),
        ("temperature", {"celsius": 367}, "fact.wrong_value", "celsius"),
        ("temperature", {"celsius": True}, "fact.wrong_value", "celsius"),
        ("temperature", {"celsius": 36.5, "colour": "red"}, "fact.unknown_field", "colour"),
        ("test", {"result": "green", "sampled_at": 1, "reported_at": 2}, "fact.wrong_value", "result"),
        ("household", {"division": "Hubei"}, "fact.wrong_value", "division"),
        ("employment", {"employer": "somebody"}, "fact.wrong_value", "employer"),
    ],
)
def test_what_the_ledger_refuses(subject, kind, values, code, field):
    with pytest.raises(FactError) as caught:
        append(NewFact(subject.pk, kind, NOON, values))
    assert (caught.value.code, caught.value.field or "") == (code, field)
    assert not Fact.objects.exists()


def test_one_wrong_fact_and_nothing_is_written(subject):
    good, wrong = (NewFact(subject.pk, "temperature", NOON, {"celsius": c}) for c in (36.5, 99))
    with pytest.raises(FactError):
        append(good, wrong)
    assert not Fact.objects.exists()


def test_a_fact_about_nobody_is_refused():
    with pytest.raises(FactError) as caught:
        append(NewFact(uuid7(), "temperature", NOON, {"celsius": 36.5}))
    assert caught.value.code == "fact.unknown_subject"


def test_sent_twice_stored_once(subject):
    fact = NewFact(subject.pk, "temperature", NOON, {"celsius": 36.5}, id=uuid7())
    assert append(fact) == [fact.id]
    assert append(fact, now=NOON + 5) == []
    assert Fact.objects.get().recorded_at == NOON


def test_a_correction_supersedes_and_both_stay_readable(subject):
    (first,) = append(NewFact(subject.pk, "temperature", NOON, {"celsius": 38.6}))
    services.correct(
        fact_id=first, replacement=NewFact(subject.pk, "temperature", NOON, {"celsius": 36.8}), reason="misread",
        source="test", evidence="a paper", now=NOON + 100,
    )  # fmt: skip
    assert [fact.values["celsius"] for fact in about([subject.pk])] == [36.8]
    assert [fact.values["celsius"] for fact in about([subject.pk], known_at=NOON + 99)] == [38.6]
    assert Fact.objects.count() == 2


def test_a_withdrawal_leaves_nothing_standing(subject):
    (first,) = append(NewFact(subject.pk, "symptom", NOON, {"name": "cough"}))
    services.correct(
        fact_id=first, replacement=None, reason="wrong person", source="test", evidence="a paper", now=NOON + 1
    )
    assert not standing().exists()
    assert standing(NOON).count() == 1


def test_a_fact_is_superseded_once_only(subject):
    (first,) = append(NewFact(subject.pk, "symptom", NOON, {"name": "cough"}))
    services.correct(
        fact_id=first, replacement=None, reason="wrong person", source="test", evidence="a paper", now=NOON + 1
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        services.correct(
            fact_id=first, replacement=None, reason="again", source="test", evidence="a paper", now=NOON + 2
        )


CHANGES = pytest.mark.parametrize("statement", ["UPDATE ledger_fact SET kind = 'test'", "DELETE FROM ledger_fact"])


@CHANGES
def test_the_serving_login_may_not_change_a_fact(subject, statement):
    append(NewFact(subject.pk, "temperature", NOON, {"celsius": 36.5}))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@CHANGES
@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_change_a_fact_whoever_asks(subject, statement):
    append(NewFact(subject.pk, "temperature", NOON, {"celsius": 36.5}))
    with databases.superuser() as other, pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        other.execute(statement.encode())


def test_a_correction_of_another_subject_is_refused_by_the_database(subject):
    other = Subject.objects.create(kind="worker")
    (first,) = append(NewFact(subject.pk, "temperature", NOON, {"celsius": 36.5}))
    with pytest.raises(IntegrityError, match="keeps subject and kind"), transaction.atomic():
        append(NewFact(other.pk, "temperature", NOON, {"celsius": 36.5}, supersedes=first, reason="mixed up"))


def test_every_kind_has_a_purpose_and_titles_in_both_languages():
    from django.utils.translation import override

    for kind in KINDS.values():
        with override("zh-hans"):
            chinese = [str(kind.title), str(kind.purpose), *(str(field.title) for field in kind.fields)]
        with override("en"):
            english = [str(kind.title), str(kind.purpose), *(str(field.title) for field in kind.fields)]
        assert all(any("\u4e00" <= c <= "\u9fff" for c in text) for text in chinese), kind.name
        assert not any("\u4e00" <= c <= "\u9fff" for text in english for c in text), kind.name
