"""The auditor's pages: a search that finds, tells no more than it must, and is itself in the audit."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import builders
from fugong.audit import purposes, queries, views, wording
from fugong.audit.models import Entry
from fugong.base import access

SignIn = Callable[..., Client]


def _ask(client: Client, **typed: str) -> str:
    """The page that a search leads to."""
    answer = client.post("/audit/", typed, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def _rows(page: str) -> int:
    return page.count('<th scope="row"')


@pytest.fixture
def looked(place: builders.Place, as_role: SignIn) -> builders.Place:
    """Somebody of the enterprise looked at the file of ``cleared``, somebody of the town at that of ``away``."""
    assert as_role("enterprise_clerk").get(f"/workers/{place.workers['cleared']}/file/").status_code == 200
    assert as_role("town_administrator").get(f"/workers/{place.workers['away']}/file/").status_code == 200
    return place


def test_an_auditor_starts_there(place: builders.Place, as_role: SignIn) -> None:
    answer = as_role("auditor").get("/", follow=True)
    assert answer.redirect_chain[-1][0] == "/audit/"


def test_search_by_person_names_nobody_and_shows_no_health(looked: builders.Place, as_role: SignIn) -> None:
    client = as_role("auditor")
    page = _ask(client, q=builders.resident_number(0), kind="read")
    assert _rows(page) == 1
    assert "enterprise_clerk" in page
    assert looked.enterprise.name in page
    assert "a worker&#x27;s file" in page
    for hidden in (builders.name(0), builders.resident_number(0)[-6:-1], str(looked.workers["cleared"]), "36.5"):
        assert hidden not in page.replace(f'value="{builders.resident_number(0)}"', "")


def test_search_by_phone_and_by_the_address_of_a_file(looked: builders.Place, as_role: SignIn) -> None:
    client = as_role("auditor")
    assert _rows(_ask(client, q="130 0000 0000", kind="read", actor="enterprise_clerk")) == 1
    address = f"https://fugong.example/workers/{looked.workers['away']}/file/"
    assert _rows(_ask(client, q=address, kind="read", actor="town_administrator")) == 1
    assert _rows(_ask(client, q=address, kind="read", actor="enterprise_clerk")) == 0


def test_no_number_and_no_name_stands_in_an_address(looked: builders.Place, as_role: SignIn) -> None:
    client = as_role("auditor")
    answer = client.post("/audit/", {"q": builders.resident_number(0), "actor": "enterprise_clerk"})
    assert answer.status_code == 302
    assert builders.resident_number(0) not in answer["Location"]
    assert "enterprise_clerk" not in answer["Location"]


@pytest.mark.parametrize("typed", [{"q": "0000"}, {"q": builders.name(0)}, {"q": "350182196501010000"},
                                   {"actor": "nobody.at.all"}, {"organisation": "不存在的企业"}, {"since": "yesterday"}])  # fmt: skip
def test_what_finds_nobody_is_said_at_the_field(looked: builders.Place, as_role: SignIn, typed: dict[str, str]) -> None:
    answer = as_role("auditor").post("/audit/", typed)
    assert answer.status_code == 422
    assert 'class="invalid-feedback' in answer.content.decode()
    assert '<th scope="row"' not in answer.content.decode()


def test_search_by_actor_organisation_page_and_time(looked: builders.Place, as_role: SignIn) -> None:
    client = as_role("auditor")
    assert _rows(_ask(client, kind="read", actor="town_administrator")) == 1
    assert _rows(_ask(client, kind="read", organisation=looked.enterprise.name[:4])) == 1
    assert _rows(_ask(client, purpose="/workers/<uuid:worker_id>/file/")) == 2
    assert _rows(_ask(client, purpose="/town/")) == 0
    assert _rows(_ask(client, purpose="/workers/<uuid:worker_id>/file/", until="2020-03-09 09:30")) == 0
    assert _rows(_ask(client, purpose="/workers/<uuid:worker_id>/file/", since="2020-03-09 09:30")) == 2
    assert _rows(_ask(client, kind="written")) > 1


def test_looking_at_the_audit_is_in_it(looked: builders.Place, as_role: SignIn) -> None:
    client = as_role("auditor")
    _ask(client, q=builders.resident_number(0), kind="read")
    entry = Entry.objects.filter(action="search").latest("id")
    assert (entry.actor, entry.role, entry.scope) == (looked.users["auditor"].pk, "auditor", "audit")
    assert entry.subjects == [looked.workers["cleared"]]
    assert entry.details == {"kind": "read"}
    assert client.get("/audit/entries.csv?kind=read").status_code == 200
    assert Entry.objects.filter(action="export").count() == 1


def test_a_list_is_as_long_as_it_says(place: builders.Place, as_role: SignIn) -> None:
    for _visit in range(3):
        page = as_role("auditor").get("/audit/?kind=audit").content.decode()
    assert _rows(page) == 3
    assert "3 rows" in page


def test_export(looked: builders.Place, as_role: SignIn) -> None:
    answer = as_role("auditor").get("/audit/entries.csv?kind=read")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, *lines = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    assert len(lines) == 2
    assert dict(zip(head, lines[1], strict=True))["By whom"] == "enterprise_clerk"


def test_an_export_says_when_there_is_more(
    looked: builders.Place, as_role: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "EXPORTED", 2)
    *_lines, last = as_role("auditor").get("/audit/entries.csv").content.decode().splitlines()
    assert last.strip('"').startswith("Only the newest 2 entries")


def test_paging_keeps_the_search(place: builders.Place, as_role: SignIn) -> None:
    with access.acting(access.as_system("test")):
        for _n in range(30):
            access.note("session.ended")
    client = as_role("auditor")
    answer = client.post("/audit/", {"kind": "signing"}, follow=True)
    assert _rows(answer.content.decode()) == 25
    second = client.get(f"{answer.redirect_chain[-1][0]}&page=2").content.decode()
    assert (
        _rows(second) == Entry.objects.exclude(action__in=[a for k in queries.KINDS.values() for a in k]).count() - 25
    )


@pytest.mark.parametrize(
    "role", ["town_administrator", "enterprise_clerk", "worker", "bureau_reader", "system_operator"]
)
def test_nobody_else_searches_the_audit(place: builders.Place, as_role: SignIn, role: str) -> None:
    client = as_role(role)
    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/entries.csv").status_code == 403


def test_the_head_to_be_printed(chain: list[int], as_role: SignIn) -> None:
    state = queries.state()
    assert state is not None
    page = as_role("auditor").get("/audit/head/").content.decode()
    assert f"fugong audit verify --head {state.head}" in page
    assert as_role("bureau_reader").get("/audit/head/").status_code == 200
    assert as_role("worker").get("/audit/head/").status_code == 403


def test_a_person_sees_who_looked_and_nobody_else_may_ask(looked: builders.Place) -> None:
    worker, clerk = looked.workers["cleared"], looked.users["enterprise_clerk"]
    with access.acting(access.as_user(looked.users["worker"])):
        looks = queries.looks_at(worker)
        (look,) = [one for one in looks if one.actor == clerk.pk]
        assert len(looks) == len(list(looks))
        assert len(queries.looks_at(looked.workers["away"])) == 0
    assert (look.at, look.organisation, look.reason) == (builders.NOW, looked.enterprise.name, "")
    assert look.purpose == str(purposes.PAGES["workers/<uuid:worker_id>/file/"])
    for role in ("enterprise_clerk", "guard"):
        with access.acting(access.as_user(looked.users[role])):
            assert list(queries.looks_at(worker)) == []


def test_a_look_at_very_many_is_found_too(place: builders.Place) -> None:
    from fugong.base.ids import uuid7

    worker = place.workers["cleared"]
    with access.acting(access.as_system("test")):
        access.looked_at([worker, *(uuid7() for _n in range(1_500))])
    with access.acting(access.as_user(place.users["worker"])):
        assert [look.purpose for look in queries.looks_at(worker)] == ["命令“test”"]


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found: list[str] = []
    for one in patterns:
        address = f"{before}{one.pattern}"
        found += _addresses(one.url_patterns, address) if isinstance(one, URLResolver) else [address]
    return found


def test_every_address_has_words() -> None:
    """A page that is added needs its line in ``audit/purposes.py``; one that goes takes its line along."""
    there = set(_addresses(get_resolver().url_patterns))
    assert there - set(purposes.PAGES) == set()
    assert set(purposes.PAGES) - there == set()


def test_words_of_what_is_not_a_page() -> None:
    assert wording.purpose("steward: seal") == "任务“seal”"
    assert wording.purpose("GET ?") == "不存在的地址"
    assert wording.purpose("POST /waiting/<uuid:act_id>/agree/ · an act is done as its proposer's") == wording.purpose(
        "POST /waiting/<uuid:act_id>/agree/"
    )
