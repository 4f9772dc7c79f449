"""What counts as a measurement goes by the kind and by how it came; and no measurements turn many people's results quietly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

import builders
from fugong.base import clock, local
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.clearance import acts, gate, waiting
from fugong.clearance.models import Loss, MeasuredLoss, Review, WaitingAct
from fugong.doors import services as doors
from fugong.ledger import services as ledger
from fugong.ledger.acts import perform_correction
from fugong.ledger.measured import Way, acts_at_once
from fugong.ledger.models import Fact
from fugong.ledger.services import NewFact
from fugong.premises import services as premises
from fugong.premises.services import Entry
from fugong.registry.models import Door
from power.crowd import DAY, NOW, Crowd, crowd, everything, roster_of, send, the_one, upload, working

pytestmark = pytest.mark.django_db
FEVER = {"celsius": 38.6}
UNWELL = {"well": False, "symptoms": ["fever"]}
POSITIVE = {"result": "positive", "sampled_at": NOW - 7200, "reported_at": NOW - 60}
NEGATIVE = POSITIVE | {"result": "negative"}


@pytest.fixture(autouse=True)
def _at_half_past_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def town(settings: Any) -> Crowd:
    """Eight workers, and a limit of three."""
    settings.FUGONG_LOSS_LIMIT = 3
    return crowd(8)


def said(town: Crowd, workers: Sequence[UUID], kind: str, values: dict[str, Any], at: int = NOW - 60) -> Any:
    """Facts about some workers as a program sends them; what became of them."""
    when = "from" if kind in ("symptom", "observation") else "at"
    facts = [{"subject": str(one), when: at, "values": values} for one in workers]
    return {one["status"] for one in send(town.as_(town.clerk), kind, facts)}


def stated(
    by: User | None, workers: Sequence[UUID], kind: str, values: dict[str, Any], now: int = NOW, source: str = "api"
) -> list[UUID]:
    """The same, past the pages."""
    facts = [NewFact(one, kind, NOW - 7200 if kind == "test" else NOW - 60, values, id=uuid7()) for one in workers]
    return ledger.append(facts=facts, source=source, evidence="doc", now=now, actor=by and by.pk)


def replaced(
    by: User | None, facts: Sequence[UUID], values: dict[str, Any] | None, now: int = NOW, source: str = "api"
) -> list[UUID]:
    """Facts that stand in the place of others; with no values, others taken back."""
    new = [
        NewFact(old.subject_id, old.kind, old.start, old.values if values is None else values, supersedes=old.pk,
                withdrawn=values is None, reason="corrected", id=uuid7())
        for old in Fact.objects.filter(pk__in=facts)
    ]  # fmt: skip
    return ledger.append(facts=new, source=source, evidence="doc", now=now, actor=by and by.pk)


def lab(name: str = "laboratory") -> User:
    """Those who take samples and hand in what a laboratory found."""
    found = User.objects.filter(username=name).first()
    return found or builders.user("sampling_staff", username=name)


def _door(town: Crowd) -> UUID:
    found = Door.objects.filter(site__enterprise=town.plant).first()
    return found.pk if found else builders.site_with_door(town.plant)[1].pk


def _register_of(worker: UUID) -> UUID:
    return Fact.objects.get(subject=worker, kind="register").pk


class TestWhatWaits:
    @pytest.mark.parametrize(
        ("kind", "values"), [("symptom", {"name": "fever"}), ("register", UNWELL), ("temperature", FEVER)]
    )
    def test_what_a_clerk_says_of_many_waits(self, town: Crowd, kind: str, values: dict[str, Any]):
        before = everything()
        assert said(town, town.workers, kind, values) == {"waiting"}
        assert (everything(), working(town)) == (before, 8)
        acts.approve(act_id=the_one().pk, by=town.admin.pk, now=NOW)
        assert working(town) == 0

    def test_a_clerks_list_of_registers_waits(self, town: Crowd):
        rows = [f"{builders.resident_number(n)}\t2020-03-09 09:00\t不适" for n in range(8)]
        upload(town.as_(town.clerk), "register", "\n".join(["身份证号\t登记时间\t健康状况", *rows]))
        assert (the_one().effect["losing"], working(town)) == (8, 8)

    def test_a_workshops_register_for_others_waits_and_the_page_says_so(self, town: Crowd):
        client, address = town.as_(town.clerk, "en"), f"/enterprises/{town.plant.pk}/register/"
        page = client.get(address).content.decode()
        batch = re.search(r'name="batch" value="([^"]+)"', page)
        assert batch
        answers = {f"corrects-{one}": str(_register_of(one)) for one in town.workers}
        answers |= {f"state-{one}": "unwell" for one in town.workers} | {
            f"symptom-{one}": "cough" for one in town.workers
        }
        said = client.post(address, {"batch": batch[1], "listed": "", "workshop": "", **answers}, follow=True)
        assert "a permission from 8 people. It waits until a second person agrees." in said.content.decode()
        assert working(town) == 8
        assert the_one().summary == {"registers": 8, "unwell": 8}
        acts.approve(act_id=the_one().pk, by=town.admin.pk, now=NOW + 60)
        assert working(town, NOW + 120) == 0
        found = Fact.objects.filter(kind="register", recorded_at=NOW + 60)
        assert {(one.actor_id, one.start, one.values["filed_by"]) for one in found} == {
            (town.clerk.pk, NOW, "line_leader")
        }

    @pytest.mark.parametrize("path", ["api", "list"])
    def test_a_laboratorys_results_never_wait(self, town: Crowd, path: str):
        if path == "api":
            facts = [{"subject": str(one), "at": NOW - 7200, "values": POSITIVE} for one in town.workers]
            assert {one["status"] for one in send(town.as_(lab()), "test", facts)} == {"added"}
        else:
            rows = [f"{builders.resident_number(n)}\t2020-03-09 07:00\t2020-03-09 09:00\t阳性" for n in range(8)]
            upload(town.as_(lab()), "test", "\n".join(["身份证号\t采样时间\t报告时间\t检测结果", *rows]))
        assert working(town) == 0
        assert not WaitingAct.objects.exists()
        review = Review.objects.get()
        assert (review.kinds, review.effect["losing"], review.effect["permissions"]["work"]) == (["test"], 8, [8, 0])

    def test_what_somebody_else_says_that_a_laboratory_found_waits(self, town: Crowd):
        """1,317 made-up results of one official are no measurement: nobody knows that a laboratory found anything."""
        assert said(town, town.workers, "test", POSITIVE, at=NOW - 7200) == {"waiting"}
        with pytest.raises(gate.TooMany):
            stated(town.admin, town.workers, "test", POSITIVE)
        with pytest.raises(gate.TooMany):
            stated(None, town.workers, "test", POSITIVE, source="command line")
        assert working(town) == 8

    def test_ones_own_register_acts_at_once(self, town: Crowd):
        for worker in town.workers:
            own = builders.user("worker", worker, f"worker-{worker}")
            premises.register(
                worker=worker, well=False, symptoms=["fever"], filed_by="worker", now=NOW, actor=own.pk
            )  # fmt: skip
        assert (working(town), Loss.objects.count(), Review.objects.count()) == (0, 0, 0)

    def test_ones_own_login_says_nothing_of_others(self, town: Crowd):
        own = builders.user("worker", town.workers[0])
        stated(own, town.workers[:1], "register", UNWELL)
        with pytest.raises(gate.TooMany):
            stated(own, town.workers[1:], "register", UNWELL, source="register")

    def test_a_medic_measures_and_a_dispatcher_passes_on(self, town: Crowd):
        medic = builders.user("observation_medic", builders.site_with_door(town.plant)[0].pk)
        stated(medic, town.workers[:4], "temperature", FEVER)
        assert working(town) == 4
        with pytest.raises(gate.TooMany):
            stated(builders.user("dispatcher"), town.workers[4:], "temperature", FEVER)
        assert working(town) == 4

    def test_the_rule_kind_by_kind(self):
        who = uuid7()
        ways = {
            "door": Way("door"), "own": Way("register", "worker", who), "other": Way("register", "worker", uuid7()),
            "lab": Way("api", "sampling_staff"), "medic": Way("api", "observation_medic"), "clerk": Way("api", "enterprise_clerk"), "list": Way("import"),
        }  # fmt: skip
        expected = {
            "test": {"lab"}, "register": {"door", "own"}, "temperature": {"door", "medic"}, "identity_check": {"door"},
            "door_check": {"door"}, "door_override": {"door"}, "symptom": set(), "vaccination": set(), "supplies": set(),
            "diagnosis": set(), "risk_level": set(),
        }  # fmt: skip
        found = {kind: {name for name, way in ways.items() if acts_at_once(kind, who, way)} for kind in expected}
        assert found == expected


class TestReviews:
    def test_many_small_batches_of_results_come_into_reviews(self, town: Crowd):
        staff = lab()
        for place in range(8):
            facts = [{"subject": str(town.workers[place]), "at": NOW - 7200, "values": POSITIVE}]
            send(town.as_(staff), "test", facts, f"report {place}")
        assert working(town) == 0
        first, second = Review.objects.order_by("pk")
        assert [one.effect["losing"] for one in (first, second)] == [4, 4]
        assert first.evidence == "report 0, report 1, report 2, report 3"
        assert first.effect["permissions"]["work"] == [4, 0]
        assert first.effect["enterprises"] == [[town.plant.name, 4, 0]]
        assert MeasuredLoss.objects.filter(review=first).count() == 3, "the fourth one brought the review about"
        assert not MeasuredLoss.objects.filter(review=None).exists()

    def test_different_people_count_within_a_day(self, town: Crowd):
        staff, others = lab(), lab("other laboratory")
        stated(staff, town.workers[:2], "test", POSITIVE)
        stated(others, town.workers[2:4], "test", POSITIVE)
        stated(staff, town.workers[4:6], "test", POSITIVE, now=NOW + DAY)
        assert working(town) == 2
        assert not Review.objects.exists()
        stated(staff, town.workers[6:], "test", POSITIVE, now=NOW + DAY + 60)
        assert Review.objects.get().effect["losing"] == 4

    def test_a_guard_who_finds_a_fever_in_many_is_listed(self, town: Crowd):
        _site, door = builders.site_with_door(town.plant)
        guard = builders.user("guard", town.plant.pk)
        for worker in town.workers[:4]:
            doors.check(door=door.pk, worker=worker, direction="in", now=NOW, actor=guard.pk, celsius=38.6, mask=True)
        assert working(town) == 4
        review = Review.objects.get()
        assert (review.actor, review.kinds, review.evidence) == (guard, ["temperature"], f"door:{door.pk}")

    def test_the_page_shows_where_many_small_batches_came_from(self, town: Crowd):
        staff = lab()
        for worker in town.workers[:4]:
            stated(staff, [worker], "test", POSITIVE)
        page = town.as_(town.admin, "en").get("/waiting/").content.decode()
        assert staff.username in page
        assert "I have looked at it" in page

    def test_nobody_looks_at_what_they_stated_or_without_a_word(self, town: Crowd):
        """The database refuses it, too."""
        for worker in town.workers[:4]:
            doors.check(
                door=_door(town), worker=worker, direction="in", now=NOW, actor=town.admin.pk, celsius=38.6, mask=True
            )
        review = Review.objects.get()
        for by, note, code in ((town.admin, "fine", "review.own"), (town.second, "  ", "review.words")):
            with pytest.raises(acts.ActError) as refused:
                acts.note_review(review_id=review.pk, by=by.pk, note=note, now=NOW)
            assert refused.value.code == code
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(reviewed_at=NOW, reviewed_by=town.admin, note="fine")
        own = town.as_(town.admin, "en").get("/waiting/").content.decode()
        assert "Somebody else has to look at it." in own
        assert "I have looked at it" not in own
        acts.note_review(review_id=review.pk, by=town.second.pk, note="asked the guard", now=NOW)
        assert Review.objects.get().reviewed_by == town.second

    def test_a_login_of_the_same_hands_does_not_look_either(self, town: Crowd):
        User.objects.filter(pk=town.second.pk).update(given_by={str(town.admin.pk): NOW - 60}, given_at=NOW - 60)
        for worker in town.workers[:4]:
            doors.check(
                door=_door(town), worker=worker, direction="in", now=NOW, actor=town.admin.pk, celsius=38.6, mask=True
            )
        with pytest.raises(acts.ActError):
            acts.note_review(review_id=Review.objects.get().pk, by=town.second.pk, note="fine", now=NOW)

    def test_what_nobody_looks_at_is_overdue_on_the_towns_page(self, town: Crowd, settings: Any):
        for worker in town.workers[:4]:
            doors.check(
                door=_door(town), worker=worker, direction="in", now=NOW, actor=town.admin.pk, celsius=38.6, mask=True
            )
        late = NOW + settings.FUGONG_ESCALATE_AFTER
        with pytest.raises(acts.ActError) as refused:
            acts.note_review(review_id=Review.objects.get().pk, by=town.deputy.pk, note="called them", now=late - 1)
        assert refused.value.code == "act.not_yours_to_decide"
        assert [acts.escalate(now=late - 1), waiting.box().late_reviews] == [0, 0]
        assert [acts.escalate(now=late), acts.escalate(now=late + 60)] == [1, 0]
        assert (waiting.box().late_reviews, waiting.box().reviews) == (1, 1)
        assert "1 项逾时" in town.as_(town.second).get("/town/").content.decode()
        acts.note_review(review_id=Review.objects.get().pk, by=town.deputy.pk, note="called them", now=late)
        assert (waiting.box().late_reviews, waiting.box().reviews) == (0, 0)

    def test_by_the_page_too(self, town: Crowd):
        for worker in town.workers[:4]:
            stated(lab(), [worker], "test", POSITIVE)
        address = f"/waiting/reviews/{Review.objects.get().pk}/"
        said = town.as_(town.admin, "en").post(address, {"note": " "}, follow=True).content.decode()
        assert "Say what you found" in said
        assert Review.objects.get().reviewed_at is None
        said = town.as_(town.admin, "en").post(address, {"note": "called the laboratory"}, follow=True).content.decode()
        assert "called the laboratory" in said


class TestChanges:
    def test_readings_of_somebody_elses_that_are_replaced_by_others_wait(self, town: Crowd):
        medic = builders.user("observation_medic", builders.site_with_door(town.plant)[0].pk)
        readings = stated(medic, town.workers, "temperature", {"celsius": 36.4})
        site, _door = builders.site_with_door(town.plant, "二厂区", "西门")
        other = builders.user("observation_medic", site.pk, "other")
        with pytest.raises(gate.TooMany):
            replaced(other, readings, FEVER)
        assert working(town) == 8

    def test_whoever_measured_corrects_at_once_within_ten_minutes(self, town: Crowd):
        medic = builders.user("observation_medic", builders.site_with_door(town.plant)[0].pk)
        readings = stated(medic, town.workers, "temperature", {"celsius": 36.4})
        with pytest.raises(gate.TooMany):
            replaced(medic, readings, FEVER, now=NOW + gate.UNDO_SECONDS + 1)
        replaced(medic, readings, FEVER, now=NOW + gate.UNDO_SECONDS)
        assert working(town) == 0
        assert Review.objects.get().effect["losing"] == 8

    def test_a_laboratory_corrects_results_at_once_and_that_is_looked_at(self, town: Crowd):
        results = stated(lab("other laboratory"), town.workers, "test", NEGATIVE)
        assert not Review.objects.exists()
        replaced(lab(), results, POSITIVE, now=NOW + DAY)
        assert working(town) == 0
        assert (Review.objects.get().actor, Review.objects.get().effect["losing"]) == (lab(), 8)

    def test_a_replacement_is_no_way_round_taking_back(self, town: Crowd):
        """Others' registers are replaced by the same, which takes nothing, and the replacements taken back a minute later."""
        registers = list(Fact.objects.filter(kind="register").values_list("pk", flat=True))
        same = [
            NewFact(old.subject_id, old.kind, old.start, old.values, supersedes=old.pk, reason="corrected", id=uuid7())
            for old in Fact.objects.filter(pk__in=registers)
        ]  # fmt: skip
        ledger.append(facts=same, source="register", evidence="doc", now=NOW, actor=town.clerk.pk)
        assert working(town) == 8
        with pytest.raises(gate.TooMany):
            replaced(town.clerk, [one.id for one in same if one.id], None, now=NOW + 60, source="register")
        assert working(town) == 8

    def test_a_list_that_was_just_filed_is_taken_back_whole(self, town: Crowd):
        tomorrow = local.at(builders.DAY, "09:30") + 2 * DAY
        assert working(town, tomorrow) == 0, "nobody is registered any more"
        entries = [Entry(one, well=True) for one in town.workers]
        batch = uuid7()
        premises.register_many(entries=entries, filed_by="line_leader", now=tomorrow, actor=town.clerk.pk, id=batch)
        filed = list(Fact.objects.filter(kind="register", recorded_at=tomorrow).values_list("pk", flat=True))
        assert working(town, tomorrow) == 8
        premises.take_back(facts=filed, reason="mistake", now=tomorrow + 60, actor=town.clerk.pk)
        assert working(town, tomorrow + 60) == 0

    def test_one_persons_correction_stays_an_act_of_one(self, town: Crowd):
        [reading] = stated(town.second, town.workers[:1], "temperature", {"celsius": 36.4})
        perform_correction(
            fact_id=reading, replacement=NewFact(town.workers[0], "temperature", NOW - 60, FEVER), reason="keyed in wrongly",
            source="redress", evidence="request 1", now=NOW, actor=town.admin.pk,
        )  # fmt: skip
        assert [loss.workers for loss in Loss.objects.filter(actor=town.admin)] == [[town.workers[0]]]


class TestWhatStaysOfADecidedAct:
    @pytest.fixture
    def waiting(self, town: Crowd) -> WaitingAct:
        client = town.as_(town.clerk)
        answer = client.post(f"/enterprises/{town.plant.pk}/roster/", {"file": roster_of(town, range(2))})
        client.post(f"{answer.url}take-in/", {"leaver": [str(one) for one in town.workers[2:]]})
        assert the_one().filename == "roster.csv"
        assert len(the_one().arguments["leavers"]) == 6
        return the_one()

    @pytest.mark.parametrize("end", ["approve", "refuse", "withdraw", "expire"])
    def test_numbers_and_kinds_and_nobodys_data(self, town: Crowd, waiting: WaitingAct, end: str):
        if end == "approve":
            acts.approve(act_id=waiting.pk, by=town.admin.pk, now=NOW)
        elif end == "refuse":
            acts.refuse(act_id=waiting.pk, by=town.admin.pk, reason="no", now=NOW)
        elif end == "withdraw":
            acts.withdraw(act_id=waiting.pk, by=town.clerk.pk, now=NOW)
        else:
            acts.expire(now=NOW + 8 * DAY)
        waiting.refresh_from_db()
        assert (waiting.arguments, waiting.filename, waiting.content) == ({}, "", None)
        assert waiting.summary == {"list": "workers", "enterprise": str(town.plant.pk), "leavers": 6, "rows": 2}
        assert waiting.effect["losing"] == 6
        page = town.as_(town.clerk, "en").get(f"/waiting/{waiting.pk}/").content.decode()
        assert "ticked as leavers" in page
        assert '<dt>rows</dt><dd translate="no">2</dd>' in page
        assert "roster.csv" not in page

    def test_the_database_clears_it_whoever_writes(self, waiting: WaitingAct):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE clearance_waitingact SET state = 'refused' WHERE id = %s", [waiting.pk])
        waiting.refresh_from_db()
        assert (waiting.arguments, waiting.filename, waiting.content) == ({}, "", None)

    def test_what_a_protocol_was_stays_readable(self, town: Crowd):
        from fugong.clearance import proposals
        from fugong.clearance.models import Adoption

        adoption = Adoption.objects.get()
        act = proposals.propose_suspension(
            adoption_id=adoption.pk, effective_from=NOW + 3600, now=NOW, actor=town.admin.pk
        )  # fmt: skip
        acts.withdraw(act_id=act.pk, by=town.admin.pk, now=NOW)
        assert adoption.pack in town.as_(town.admin).get(f"/waiting/{act.pk}/").content.decode()
