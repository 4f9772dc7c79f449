"""Protocols are adopted, changed and suspended by two people; a suspension brings back what was in force before, or nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

import adopting
import builders
from fugong.base import clock
from fugong.base.models import User
from fugong.clearance import acts, deputies, evaluation, proposals, services, verification
from fugong.clearance.acts import ActError
from fugong.clearance.models import Adoption, Verification, WaitingAct
from fugong.clearance.services import AdoptionError
from fugong.core.protocol.pack import shipped
from fugong.core.time import PLUS_INF
from power.crowd import DAY, NOW, Crowd, crowd, everything, working

pytestmark = pytest.mark.django_db
STRICT = shipped()["cn-2022-48h"]


@pytest.fixture(autouse=True)
def _at_half_past_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def town() -> Crowd:
    return crowd(6)


def stretches(known_at: int = PLUS_INF) -> list[tuple[str, int, int]]:
    return [(force.pack.id, force.start, force.end) for force in evaluation.in_force(known_at)]


def suspended(town: Crowd, adoption: Adoption, start: int) -> Adoption:
    draft = proposals.propose_suspension(adoption_id=adoption.pk, effective_from=start, now=NOW, actor=town.admin.pk)
    acts.send(act_id=draft.pk, by=town.admin.pk, now=NOW)
    made: Adoption = acts.approve(act_id=draft.pk, by=town.second.pk, now=NOW)
    return made


def test_a_proposal_changes_nothing_and_counts_everybody(town: Crowd):
    before = everything()
    draft = proposals.propose_pack(text=STRICT, effective_from=NOW, now=NOW, actor=town.admin.pk)
    assert everything() == before
    assert Adoption.objects.count() == 1
    assert (draft.state, draft.effect["permissions"]["work"]) == ("draft", [6, 0])
    assert draft.effect["enterprises"] == [[town.plant.name, 6, 0]]
    with pytest.raises(ActError):
        acts.approve(act_id=draft.pk, by=town.second.pk, now=NOW)
    acts.send(act_id=draft.pk, by=town.admin.pk, now=NOW)
    with pytest.raises(ActError):
        acts.approve(act_id=draft.pk, by=town.admin.pk, now=NOW)
    acts.approve(act_id=draft.pk, by=town.second.pk, now=NOW, shown=draft.effect)
    assert working(town) == 0
    made = Adoption.objects.get(first=False)
    assert (made.actor, made.approved_by) == (town.admin, town.second)


def test_the_effect_that_was_shown_is_the_effect_that_comes(town: Crowd):
    draft = proposals.propose_pack(text=STRICT, effective_from=NOW + DAY, now=NOW, actor=town.admin.pk)
    acts.send(act_id=draft.pk, by=town.admin.pk, now=NOW)
    assert acts.recount(act_id=draft.pk, now=NOW) == draft.effect
    acts.approve(act_id=draft.pk, by=town.second.pk, now=NOW)
    draft.refresh_from_db()
    assert draft.state == "approved"
    assert draft.effect["losing"] == 6


def test_one_person_alone_adopts_only_the_first(town: Crowd):
    with pytest.raises(AdoptionError) as refused:
        services.adopt(text=STRICT, effective_from=NOW, now=NOW, actor=town.admin.pk)
    assert refused.value.code == "adoption.two"
    with pytest.raises(AdoptionError):
        services.adopt(text=STRICT, effective_from=NOW, now=NOW, actor=town.admin.pk, approved_by=town.admin.pk)
    insert = (
        "INSERT INTO clearance_adoption (id, pack, version, digest, text, effective_from, recorded_at, actor_id, "
        "approved_by_id, first) SELECT gen_random_uuid(), pack, version, digest, text, effective_from + 1, recorded_at, "
        "%(by)s, %(agreed)s, %(first)s FROM clearance_adoption"
    )
    for agreed, first in ((None, False), (town.admin.pk, False), (None, True)):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, {"by": town.admin.pk, "agreed": agreed, "first": first})
    assert Adoption.objects.count() == 1


def _adopted_by_page(user: User) -> None:
    client = Client()
    client.force_login(user)
    typed = {"text": STRICT, "effective_from": "2020-03-09T10:00", "confirmed": "on"}
    b"".join(client.post("/protocols/adopt/", typed).streaming_content)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_the_first_one_is_an_administrators_alone_and_no_deputys_named_or_not():
    """A deputy proposes it, as any later one; an administrator agrees."""
    builders.town()
    admin, deputy = builders.user("town_administrator"), builders.user("deputy")
    for _named in (False, True):
        with pytest.raises(AdoptionError) as refused:
            services.adopt(text=STRICT, effective_from=NOW, now=NOW, actor=deputy.pk)
        assert refused.value.code == "adoption.two"
        _adopted_by_page(deputy)
        assert not Adoption.objects.exists()
        assert WaitingAct.objects.filter(state=WaitingAct.DRAFT, proposer=deputy).exists()
        deputies.name_deputy(deputy=deputy.pk, start=NOW, end=NOW + DAY, by=admin.pk, now=NOW)
    draft = WaitingAct.objects.filter(proposer=deputy).order_by("pk")[0]
    acts.send(act_id=draft.pk, by=deputy.pk, now=NOW)
    acts.approve(act_id=draft.pk, by=admin.pk, now=NOW)
    assert (Adoption.objects.get().actor, Adoption.objects.get().approved_by) == (deputy, admin)


@pytest.mark.django_db(transaction=True)
def test_an_administrator_adopts_the_first_one_alone_and_it_is_marked_so():
    builders.town()
    admin = builders.user("town_administrator")
    _adopted_by_page(admin)
    made = Adoption.objects.get()
    assert (made.actor, made.approved_by, made.first) == (admin, None, True)


def test_a_suspension_brings_back_what_was_before_and_then_nothing(town: Crowd):
    first = Adoption.objects.get()
    second = adopting.adopt(text=STRICT, effective_from=NOW, now=NOW)
    assert working(town) == 0
    suspended(town, second, NOW + DAY)
    pack = builders.PACK
    assert stretches() == [
        (pack, builders.EARLY, NOW), ("cn-2022-48h", NOW, NOW + DAY), (pack, NOW + DAY, PLUS_INF),
    ]  # fmt: skip
    assert [stretch[0] for stretch in stretches(known_at=NOW - 1)] == [pack]
    assert working(town) == 0
    assert working(town, NOW + DAY) == 6
    with pytest.raises(AdoptionError):
        suspended(town, second, NOW + 2 * DAY)
    suspended(town, first, NOW + DAY + 600)
    assert stretches()[-1] == (pack, NOW + DAY, NOW + DAY + 600)
    assert working(town, NOW + DAY + 599) == 6
    assert working(town, NOW + DAY + 600) == 0
    assert not list(verification.verify(lambda done, total: None))


def test_what_is_suspended_before_it_begins_never_comes(town: Crowd):
    second = adopting.adopt(text=STRICT, effective_from=NOW + DAY, now=NOW)
    with pytest.raises(AdoptionError) as refused:
        suspended(town, second, NOW)
    assert refused.value.code == "adoption.not_begun"
    suspended(town, second, NOW + DAY)
    assert stretches() == [(builders.PACK, builders.EARLY, PLUS_INF)]
    assert working(town, NOW + DAY - 1) == working(town) == 6


def test_a_later_protocol_is_in_force_whatever_was_suspended_below_it(town: Crowd):
    first = Adoption.objects.get()
    adopting.adopt(text=STRICT, effective_from=NOW, now=NOW)
    suspended(town, first, NOW + DAY)
    assert stretches()[-1] == ("cn-2022-48h", NOW, PLUS_INF)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_propose_and_agree_to_a_suspension(language: str):
    town = crowd(3)
    adoption = Adoption.objects.get()
    client, second = town.as_(town.admin, language), town.as_(town.second, language)
    address = f"/protocols/{adoption.pk}/suspend/"
    assert client.post(address, {"effective_from": "soon"}).status_code == 422
    said = b"".join(client.post(address, {"effective_from": "2020-03-09T12:00"}).streaming_content).decode()
    where = re.search(r'href="(/waiting/[0-9a-f-]{36}/)"', said)
    assert where
    client.post(f"{where[1]}send/")
    act = WaitingAct.objects.get()
    assert act.effect["losing"] == 3
    page = second.get(where[1]).content.decode()
    assert {"zh-hans": "暂停规则包", "en": "Suspension of a protocol"}[language] in page
    numbers = re.search(r'name="shown" value="([^"]*)"', page)
    assert numbers
    shown = numbers[1].replace("&quot;", '"')
    said = b"".join(second.post(f"{where[1]}agree/", {"sure": "on", "shown": shown}).streaming_content).decode()
    assert {"zh-hans": "起暂停", "en": "is suspended from"}[language] in said
    assert {"zh-hans": "暂停 ", "en": "suspension of "}[language] + builders.PACK in client.get(
        "/protocols/"
    ).content.decode()
    assert stretches()[0][2] == NOW + 9_000
    page = client.get(f"/protocols/{adoption.pk}/").content.decode()
    assert f"/protocols/{adoption.pk}/suspend/" not in page


def test_verifying_is_noted_in_numbers_and_a_difference_stands_on_the_towns_page(town: Crowd):
    assert verification.verify_and_note(NOW) == {"workers": 6, "differences": 0}
    assert "条放行区间与事实账不符" not in town.as_(town.admin).get("/town/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE clearance_clearance SET starts = '{}', ends = '{}' WHERE permission = 'work' AND worker_id = %s",
            [town.workers[0]],
        )
    assert verification.verify_and_note(NOW + 1) == {"workers": 6, "differences": 1}
    assert list(Verification.objects.order_by("at").values_list("differences", flat=True)) == [0, 1]
    assert "条放行区间与事实账不符" in town.as_(town.admin).get("/town/").content.decode()


def test_a_deputy_proposes_and_an_administrator_agrees(town: Crowd):
    draft = proposals.propose_pack(text=STRICT, effective_from=NOW, now=NOW, actor=town.deputy.pk)
    acts.send(act_id=draft.pk, by=town.deputy.pk, now=NOW)
    adoption: Any = acts.approve(act_id=draft.pk, by=town.admin.pk, now=NOW)
    assert (adoption.actor, adoption.approved_by) == (town.deputy, town.admin)
