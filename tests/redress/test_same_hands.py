"""Who stated a fact, looked or filed a request doesn't answer it by another login that they may hold either."""

from __future__ import annotations

import pytest
from django.test import Client

import builders
from fugong.base import access, local, services
from fugong.base.models import User
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.redress import looks
from fugong.redress import services as redress
from fugong.redress.models import Request
from fugong.redress.services import RedressError
from redress.conftest import Time, client_of

NOW = builders.NOW
WEEK = 7 * local.DAY


@pytest.fixture
def administrator(place: builders.Place) -> User:
    return place.users["town_administrator"]


@pytest.fixture
def asked(place: builders.Place, fevered: Client, administrator: User) -> Request:
    """A worker asks for a temperature to be corrected that the administrator stated."""
    worker = place.workers["fevered"]
    stated = ledger.append(
        facts=[NewFact(worker, "temperature", NOW - 60, {"celsius": 38.1})], source="page", evidence="a paper",
        actor=administrator.pk, now=NOW,
    )[0]  # fmt: skip
    return redress.file_correction(
        worker=worker, fact=stated, wrong="misread", right=None, actor=place.users["fevered"].pk, now=NOW
    )


def second(by: User | None, username: str = "second") -> User:
    services.add_login(
        username=username, role="town_administrator", scope_id=None, by=by and by.pk, now=NOW if by else None
    )
    made = User.objects.get(username=username)
    services.password_changed(login_id=made.pk)
    return made


def refused(request: Request, by: User, now: int = NOW) -> str:
    for answer in (redress.refuse, redress.grant):
        with pytest.raises(RedressError) as error:
            answer(request_id=request.pk, answer="no", actor=by.pk, now=now)
    request.refresh_from_db()
    assert request.state == "open"
    return error.value.code


def test_who_stated_it_does_not_answer_by_a_second_login(asked: Request, administrator: User, time: Time) -> None:
    other = second(administrator)
    assert refused(asked, other) == "redress.same_hands"
    client = client_of(other)
    page = client.get(f"/requests/{asked.pk}/").content.decode()
    assert "somebody else must answer, or you from" in page
    assert "fugong login renew" in page
    assert 'name="decision"' not in page
    answer = client.post(f"/requests/{asked.pk}/", {"answer": "no", "decision": "refuse"})
    assert answer.status_code == 422
    assert refused(asked, other, NOW + WEEK - 1) == "redress.same_hands"
    redress.refuse(request_id=asked.pk, answer="no", actor=other.pk, now=NOW + WEEK)


def test_nor_by_a_chain_nor_by_a_login_that_gave_theirs(asked: Request, administrator: User) -> None:
    far = second(second(administrator, "one"), "two")
    assert refused(asked, far) == "redress.same_hands"
    above = second(None, "above")
    services.renew_password(login_id=administrator.pk, by=above.pk, now=NOW)
    assert refused(asked, above) == "redress.same_hands"


def test_a_login_from_the_command_line_answers(asked: Request, administrator: User) -> None:
    other = second(None)
    assert 'name="decision"' in client_of(other).get(f"/requests/{asked.pk}/").content.decode()
    redress.refuse(request_id=asked.pk, answer="no", actor=other.pk, now=NOW)
    asked.refresh_from_db()
    assert asked.answered_by == other


def test_who_filed_it_does_not_answer_by_a_second_login(place: builders.Place, administrator: User) -> None:
    other, third = second(administrator), second(None, "third")
    worker = place.workers["fevered"]
    filed = redress.file_appeal(worker=worker, permission="work", wrong="no fever", actor=administrator.pk, now=NOW)
    assert refused(filed, other) == "redress.same_hands"
    redress.refuse(request_id=filed.pk, answer="no", actor=third.pk, now=NOW)


def test_who_looked_does_not_answer_by_a_second_login(
    place: builders.Place, fevered: Client, administrator: User
) -> None:
    worker, other = place.workers["fevered"], second(administrator)
    with access.acting(access.as_user(administrator, purpose="GET /workers/<uuid:worker_id>/file/")):
        access.looked_at([worker])
    with access.acting(access.as_user(place.users["fevered"])):
        (look,) = [one for one in looks.at(worker) if one.actor == administrator.pk]
        request = redress.ask_who_looked(
            worker=worker, look=look.id, wrong="who?", actor=place.users["fevered"].pk, now=NOW
        )
    assert refused(request, other) == "redress.same_hands"
    redress.grant(request_id=request.pk, answer="it was", actor=second(None, "third").pk, now=NOW)
