"""Pages of policies and lists: as many queries for many as for one, and what each role is shown."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import builders
from fugong.base import clock
from fugong.ledger.queries import standing
from fugong.policies.services import claims, documents
from fugong.registry.models import Paper
from policies import keep_post
from policies.keep_post import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    builders.town()
    builders.adopt()
    keep_post.take()


def client(role, scope=None):
    signed_in = Client()
    signed_in.force_login(builders.user(role, scope))
    signed_in.cookies["django_language"] = "en"
    return signed_in


def queries(asking, address):
    with CaptureQueriesContext(connection) as found:
        answer = asking.get(address)
    assert answer.status_code == 200
    return len(found), " ".join(answer.content.decode().split())


def test_lists_take_as_many_queries_for_many_as_for_one(town):
    measure, first = keep_post.Measure.objects.get(), keep_post.enterprise()
    keep_post.people(first, 1)
    admin = client("town_administrator")
    paper = measure.document_id
    documents.hand(document=paper, enterprises=[first.pk], now=NOW, actor=None)
    addresses = (
        f"/policies/measures/{measure.pk}/", f"/policies/documents/{paper}/", "/policies/", "/lists/not-returned/",
        f"/policies/measures/{measure.pk}/enterprises/{first.pk}/",
    )  # fmt: skip
    for address in addresses:
        admin.get(address)
    before = [queries(admin, address)[0] for address in addresses]
    keep_post.people(first, 3, first=20)
    for number in (2, 3):
        firm = keep_post.enterprise(number, f"企业{number}")
        keep_post.people(firm, 2, first=100 * number)
        documents.hand(document=paper, enterprises=[firm.pk], now=NOW, actor=None)
    assert [queries(admin, address)[0] for address in addresses] == before


def test_the_page_names_the_condition_and_the_fact_behind_it(town):
    measure, firm = keep_post.Measure.objects.get(), keep_post.enterprise()
    (worker,) = builders.workers(firm, 1)
    keep_post.write(keep_post.facts(worker, without="insured"))
    _number, page = queries(
        client("enterprise_clerk", firm.pk), f"/policies/measures/{measure.pk}/enterprises/{firm.pk}/"
    )
    assert "Social insurance held 3 months running" in page
    assert "social insurance · 2020-01-01 – 2020-02-29" in page
    assert "does not get it" in page


def test_an_enterprise_says_that_it_has_a_document(town):
    firm, paper = keep_post.enterprise(), keep_post.Measure.objects.get().document_id
    clerk = client("enterprise_clerk", firm.pk)
    assert clerk.post(f"/enterprises/{firm.pk}/policies/", {"take": paper}).status_code == 302
    (fact,) = standing().filter(kind="document_handed", subject_id=firm.pk)
    assert fact.values == {"document": str(paper), "receipt": "enterprise_clerk"}
    admin = client("town_administrator")
    _number, page = queries(admin, f"/policies/documents/{paper}/")
    assert "1 enterprises, of which 1 have said" in page


def test_a_document_goes_to_all_industrial_and_commercial_enterprises_once(town):
    first, paper = keep_post.enterprise(), keep_post.Measure.objects.get().document_id
    second = keep_post.enterprise(2, "企业2")
    admin = client("town_administrator")
    nobody = admin.post(f"/policies/documents/{paper}/?q=%E4%BC%81", {"receipt": "张三"})
    assert nobody.status_code == 422 and 'value="张三"' in nobody.content.decode()
    for status in (302, 422):
        assert admin.post(f"/policies/documents/{paper}/", {"everybody": "1"}).status_code == status
    handed = standing().filter(kind="document_handed")
    assert sorted(handed.values_list("subject_id", flat=True)) == sorted([first.pk, second.pk])


def test_vacancies_are_reported_and_closed_on_the_page(town):
    firm = keep_post.enterprise()
    clerk = client("enterprise_clerk", firm.pk)
    address = f"/enterprises/{firm.pk}/vacancies/"
    assert clerk.post(address, {"post": "挡车工", "number": "many"}).status_code == 422
    clerk.post(address, {"post": "挡车工", "number": "12", "pay": "6,500", "skill": "经编"})
    (fact,) = standing().filter(kind="vacancy")
    assert fact.values == {"post": "挡车工", "number": 12, "skill": "经编", "monthly_yuan": 6500.0}
    _number, page = queries(client("town_administrator"), "/lists/vacancies/")
    assert "挡车工" in page


def test_who_is_free_and_may_work_is_proposed_and_nobody_else(town):
    busy, stopped = keep_post.enterprise(), keep_post.enterprise(2, "停工企业", resumed=False)
    working, free = builders.workers(busy, 1), builders.workers(stopped, 2, first=10)
    for worker in (*working, free[0]):
        builders.survey(worker)
        builders.register(worker, NOW - 3600)
    clerk = client("enterprise_clerk", busy.pk)
    clerk.post(f"/enterprises/{busy.pk}/vacancies/", {"post": "挡车工", "number": "1"})
    _number, page = queries(client("town_administrator"), "/lists/vacancies/match/?post=挡车工")
    assert builders.name(10) in page
    assert builders.name(0) not in page  # works already
    assert builders.name(11) not in page  # nothing is known of them
    assert clerk.get("/lists/vacancies/match/?post=挡车工").status_code == 403


def test_the_paper_itself_stands_beside_the_answer_and_beside_the_claim(town):
    measure, firm = keep_post.Measure.objects.get(), keep_post.enterprise()
    workers = keep_post.people(firm, 2)
    clerk, admin = client("enterprise_clerk", firm.pk), client("town_administrator")
    people, scan = f"/policies/measures/{measure.pk}/enterprises/{firm.pk}/", b"%PDF-1.4 promise"
    said = {"worker": workers, "item": "post_kept", "holds": "yes"}
    refused = clerk.post(f"{people}?all=1", said | {"document": "No. 7", "file": SimpleUploadedFile("x.exe", b"MZ")})
    assert refused.status_code == 422 and not Paper.objects.exists()
    page = refused.content.decode()  # what was ticked and typed is still there
    assert "is no PDF" in page and page.count(" checked aria-label") == 2 and 'value="No. 7"' in page
    for _again in range(2):
        assert clerk.post(people, said | {"file": SimpleUploadedFile("承诺书.pdf", scan)}).status_code == 302
    paper = Paper.objects.get()
    facts = standing().filter(kind="evidence_of_person", values__item="post_kept")
    assert set(facts.values_list("evidence", flat=True)) == {f"paper:{paper.pk}"}  # one file, for both of them
    assert queries(clerk, people)[1].count(str(paper.pk)) == 2
    claim = claims.draft(enterprise=firm.pk, measure=measure.pk, now=NOW, actor=None)
    here = f"/policies/claims/{claim.pk}/"
    page = queries(admin, here)[1]
    assert "of 2 of 2 people" in page
    assert page.count(str(paper.pk)) == 1
    assert "not here yet" in page  # the application form
    brought = {
        "do": "bring",
        "item-application": "第 7 号",
        "file-application": SimpleUploadedFile("申请表.pdf", scan + b"!"),
    }
    assert clerk.post(here, brought).status_code == 302
    claims.check(claim=claim.pk, now=NOW, actor=None)
    claims.submit(claim=claim.pk, now=NOW, actor=None)
    for typed in ({"start": "2020-03-20", "end": "2020-03-19"}, {"start": "", "end": "2020-03-20"}):
        refused = admin.post(here, {"do": "publish"} | typed)
        assert refused.status_code == 422
        assert all(f'name="{name}" value="{day}"' in refused.content.decode() for name, day in typed.items())
    refused = admin.post(here, {"do": "refuse", "reason": " "})
    assert refused.status_code == 422 and refused.content.decode().count('value=" "') == 1  # of two reasons the one
    page = queries(admin, here)[1]
    assert "not here yet" not in page
    form = Paper.objects.exclude(pk=paper.pk).get()
    assert reverse("registry:paper", args=[firm.pk, form.pk]) in page
    assert admin.get(reverse("registry:paper", args=[firm.pk, form.pk])).content == scan + b"!"
