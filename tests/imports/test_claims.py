"""Another employer's worker imports as new; whose document it is, the town says."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

import builders
from fugong.base import access, clock
from fugong.base.tables import read
from fugong.clearance import acts
from fugong.clearance.models import WaitingAct
from fugong.clearance.queries import status
from fugong.ledger.queries import standing
from fugong.registry import queries
from fugong.registry.claims import queries as claims
from fugong.registry.claims import services
from fugong.registry.imports.lists import WORKERS, list_of
from fugong.registry.models import Document, Employment, Worker

pytestmark = pytest.mark.django_db
NOW = builders.NOW


@pytest.fixture
def place() -> builders.Place:
    return builders.place()


def roster(*people: tuple[str, str]) -> bytes:
    return ("姓名,身份证号码\n" + "".join(f"{name},{number}\n" for name, number in people)).encode()


def take_in(user, enterprise, content: bytes, **more):
    kind = list_of(WORKERS)
    with access.acting(access.as_user(user)):
        parsed = kind.parse(read(content, "a.csv"), NOW)
        return kind.take_in(parsed=parsed, enterprise=enterprise, now=NOW, actor=user.pk, evidence="file:1", **more)


def clerk_of_the_other(place):
    return builders.user("enterprise_clerk", place.other.pk, "the-other-clerk")


def holder(place) -> Worker:
    return Worker.objects.get(pk=place.workers["cleared"])


def test_somebody_elses_worker_imports_as_somebody_new(place):
    number, other = builders.resident_number(0), clerk_of_the_other(place)
    result = take_in(other, place.other, roster((holder(place).name, number), ("新来", builders.resident_number(500))))
    assert (result.added, result.rows_in_error, list(result.warnings)) == (2, 0, [])
    claimed = Document.objects.get(standing=Document.CLAIMED)
    assert claimed.worker_id != holder(place).pk
    with access.acting(access.as_user(other)):
        seen = list(queries.workers(other))
        assert claimed.worker_id in {one.pk for one in seen}
        assert place.workers["cleared"] not in {one.pk for one in seen}
        assert not standing().filter(subject_id=place.workers["cleared"]).exists()
    assert not status(claimed.worker_id, "work", NOW).holds


def test_a_preview_says_the_same_of_both(place):
    other = clerk_of_the_other(place)
    known = take_in(other, place.other, roster((holder(place).name, builders.resident_number(0))), dry_run=True)
    fresh = take_in(other, place.other, roster(("新来", builders.resident_number(500))), dry_run=True)
    assert known.as_json() == fresh.as_json()


def test_uploaded_again_nothing_is_added(place):
    other, content = clerk_of_the_other(place), roster((holder(place).name, builders.resident_number(0)))
    take_in(other, place.other, content)
    again = take_in(other, place.other, content)
    assert (again.added, again.unchanged) == (0, 1)


def test_the_town_joins_the_files_of_one_person(place):
    other, town = clerk_of_the_other(place), place.users["town_administrator"]
    take_in(other, place.other, roster((holder(place).name, builders.resident_number(0))))
    claimed = Document.objects.get(standing=Document.CLAIMED)
    with access.acting(access.as_user(town)):
        services.join(document_id=claimed.pk, now=NOW, actor=town.pk)
    assert claims.open_claims().count() == 0
    employers = set(Employment.objects.filter(worker=holder(place), active=True).values_list("enterprise", flat=True))
    assert employers == {place.enterprise.pk, place.other.pk}
    assert not standing().filter(subject_id=claimed.worker_id).exists()
    said = standing().filter(subject_id=holder(place).pk, kind="employment").values_list("values__employer", flat=True)
    assert set(said) == {str(place.enterprise.pk), str(place.other.pk)}
    with access.acting(access.as_user(other)):
        assert queries.worker_of(other, holder(place).pk).name == holder(place).name
    again = take_in(other, place.other, roster((holder(place).name, builders.resident_number(0))))
    assert (again.added, again.unchanged) == (0, 1)


def test_a_number_that_is_somebody_elses_has_to_be_corrected(place):
    other = clerk_of_the_other(place)
    content = roster(("新来", builders.resident_number(0)))
    take_in(other, place.other, content)
    services.refuse(document_id=Document.objects.get(standing=Document.CLAIMED).pk)
    result = take_in(other, place.other, content)
    assert [finding.code for finding in result.errors] == ["roster.number_refused"]
    with pytest.raises(services.ClaimError):
        services.refuse(document_id=Document.objects.get(standing=Document.REFUSED).pk)


def test_whoever_left_is_known_to_the_enterprise_that_hires_them_again(place):
    from fugong.registry.roster.services import end_employments

    clerk, worker = place.users["enterprise_clerk"], holder(place)
    with access.acting(access.as_user(clerk)):
        end_employments(
            enterprise=place.enterprise, workers=[worker.pk], at=NOW, reason="left", now=NOW, actor=clerk.pk,
            evidence="file:1",
        )  # fmt: skip
        assert not Worker.objects.filter(pk=worker.pk).exists()
    files = Worker.objects.count()
    take_in(clerk, place.enterprise, roster((worker.name, builders.resident_number(0))))
    assert Worker.objects.count() == files
    assert not claims.open_claims().exists()
    with access.acting(access.as_user(clerk)):
        assert Worker.objects.filter(pk=worker.pk).exists()


def test_the_town_decides_on_a_page(place, client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    take_in(clerk_of_the_other(place), place.other, roster((holder(place).name, builders.resident_number(0))))
    client.force_login(place.users["town_administrator"])
    page = client.get("/claims/").content.decode()
    assert page.count(holder(place).name) >= 2
    claimed = Document.objects.get(standing=Document.CLAIMED)
    assert client.post(f"/claims/{claimed.pk}/", {"said": "perhaps"}).status_code == 302
    assert claims.open_claims().count() == 1
    client.post(f"/claims/{claimed.pk}/", {"said": "same"})
    assert claims.open_claims().count() == 0
    client.force_login(place.users["enterprise_clerk"])
    assert client.get("/claims/").status_code == 403


def test_two_hold_no_document(place):
    with pytest.raises(Exception, match="document_is_one_persons"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_document SET digest = (SELECT digest FROM registry_document ORDER BY id LIMIT 1)"
        )


def test_joining_beyond_the_limit_of_a_day_waits_and_says_so(place, settings, monkeypatch):
    """Whoever was added may work; what is known of them is withdrawn in the newer file."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    clerk, town = place.users["enterprise_clerk"], place.users["town_administrator"]
    take_in(clerk, place.enterprise, roster((builders.name(100), builders.resident_number(100))))
    claimed = Document.objects.get(standing=Document.CLAIMED)
    builders.survey(claimed.worker_id)
    builders.register(claimed.worker_id, NOW - 3600)
    assert status(claimed.worker_id, "work", NOW).holds
    settings.FUGONG_LOSS_LIMIT = 0
    before = list(standing().order_by("pk").values_list("pk", flat=True))
    client = Client(raise_request_exception=False)
    client.force_login(town)
    client.cookies["django_language"] = "en"
    answer = client.post(f"/claims/{claimed.pk}/", {"said": "same"}, follow=True)
    assert answer.status_code == 200
    assert "It waits until a second person agrees." in answer.content.decode()
    assert list(standing().order_by("pk").values_list("pk", flat=True)) == before
    act = WaitingAct.objects.get(state=WaitingAct.WAITING)
    assert (act.act, act.proposer, act.summary) == ("join", town, {"files": 2})
    second = builders.user("town_administrator", username="second-administrator")
    page = client.get(f"/waiting/{act.pk}/").content.decode()
    assert "joining two files" in page.lower()
    with access.acting(access.as_user(second)):
        acts.approve(act_id=act.pk, by=second.pk, now=NOW)
    assert claims.open_claims().count() == 0
    assert not standing().filter(subject_id=claimed.worker_id).exists()
