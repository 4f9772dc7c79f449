"""Pages of resumption and output: what each role finds, does and is told; lists make no more queries when they grow."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

import builders
from fugong.base import clock
from fugong.registry import asked
from fugong.registry.models import Paper
from fugong.resumption.models import PERMIT, Filing, Question, Report
from fugong.resumption.papers import COMMITMENTS
from fugong.resumption.services import output, review
from fugong.resumption.services.writing import By
from resumption.plants import DAY, NOW, PLAN, Plant, file, plant, ready

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def one() -> Plant:
    return plant(PERMIT)


def client(user) -> Client:
    made = Client(HTTP_ACCEPT_LANGUAGE="en")
    made.cookies.load({"django_language": "en"})
    made.force_login(user)
    return made


def address(name: str, *ids) -> str:
    return reverse(f"resumption:{name}", args=ids)


def test_an_enterprise_answers_files_and_the_town_decides(one):
    clerk, town = client(one.clerk), client(one.town)
    here = address("enterprise", one.enterprise.pk)
    page = clerk.get(here)
    assert b"Not filed yet" in page.content
    answers = {
        "item-materials_days": "5", "item-door_persons": "yes", "item-fingerprint_clocks_off": "yes",
        "item-disinfection_plan": "yes", "item-responsible_person": "yes",
    }  # fmt: skip
    wrong = clerk.post(here, answers | {"item-materials_days": "viele"})
    assert wrong.status_code == 422
    assert 'value="viele"' in wrong.content.decode()  # nothing that was typed or ticked is lost
    assert len(re.findall(r'value="yes" checked', wrong.content.decode())) == 4
    assert asked.known([one.enterprise.pk], NOW)[one.enterprise.pk] == {}
    assert clerk.post(here, answers).status_code == 302
    assert asked.known([one.enterprise.pk], NOW)[one.enterprise.pk]["materials_days"].number == 5
    form = {"starts": "2020-03-09", "plan": PLAN, "signed_by": "林老板", "commitment": list(COMMITMENTS)}
    refused = clerk.post(address("file", one.enterprise.pk), form | {"commitment": ["truth"]})
    assert refused.status_code == 422
    assert PLAN in refused.content.decode()
    filed = clerk.post(address("file", one.enterprise.pk), form, follow=True)
    filing = Filing.objects.get()
    assert filed.redirect_chain[0][0] == address("filing", filing.pk)
    assert clerk.post(address("filing", filing.pk), {"do": "approve"}).status_code == 404
    assert one.enterprise.name in town.get(address("filings") + "?state=waiting").content.decode()
    said = {"do": "approve", "conditions": "每日报体温\n补一间隔离房", "due": "2020-03-12", "words": "现场已看"}
    assert town.post(address("filing", filing.pk), said).status_code == 302
    assert one.may_work(NOW)
    page = clerk.get(here)
    assert b"This enterprise may work" in page.content
    assert "补一间隔离房" in page.content.decode()


def test_the_town_stops_with_a_reason_only(one):
    ready(one)
    builders.record(one.enterprise.pk, "resumption", NOW - DAY)
    town, stop = client(one.town), address("stop", one.enterprise.pk)
    assert town.post(stop, {"how": "suspend", "reason": " "}).status_code == 422
    assert one.may_work(NOW)
    done = town.post(stop, {"how": "suspend", "reason": "发热一人未报"}, follow=True)
    assert "发热一人未报" in done.content.decode()
    assert not one.may_work(NOW)
    assert b"nothing to stop" not in town.get(stop).content  # a suspended one can still be withdrawn


def test_stopping_many_leads_to_the_waiting_act(one, settings):
    settings.FUGONG_LOSS_LIMIT = 0
    builders.record(one.enterprise.pk, "resumption", NOW - DAY)
    done = client(one.town).post(address("stop", one.enterprise.pk), {"how": "end", "reason": "x"})
    assert done.url.startswith("/waiting/")
    assert one.may_work(NOW)


def test_a_figure_that_does_not_fit_is_asked_back_before_it_is_stored(one):
    clerk, here = client(one.clerk), address("output", one.enterprise.pk)
    form = {"day": "2020-03-09", "current": "160万", "normal": "1,000,000"}
    back = clerk.post(here, form)
    assert back.status_code == 422
    assert b"160% of normal" in back.content
    assert not Report.objects.exists()
    assert clerk.post(here, form | {"do": "later"}).status_code == 302
    assert b"160% of normal" in clerk.get(here).content
    assert b"1 of them is questioned" in client(one.town).get(address("outputs")).content
    assert clerk.post(here, {"do": "explain", "words": "赶订单"}).status_code == 302
    assert Question.objects.get().answer == "赶订单"
    assert b"None of them is questioned" in client(one.town).get(address("outputs")).content
    assert clerk.post(here, form | {"current": "viel"}).status_code == 422
    assert clerk.post(here, {"day": "2020-03-08", "current": "600000", "normal": "1000000"}).status_code == 302
    assert Report.objects.count() == 2


def test_everything_that_is_asked_stands_on_one_page_for_a_team_too(one):
    team = client(builders.user("service_team_member", one.enterprise.patch_id))
    here = reverse("registry:asked", args=[one.enterprise.pk])
    page = team.get(here)
    assert b"item-materials_days" in page.content
    assert "常州" in page.content.decode()
    assert team.post(here, {"item-materials_days": "4"}).status_code == 302
    assert b"item-materials_days" not in team.get(here).content
    other = builders.enterprise(9, "别处企业")
    assert team.get(reverse("registry:asked", args=[other.pk])).status_code == 404


def test_the_way_of_filing_is_set_for_a_day(one):
    town, here = client(one.town), address("way")
    assert b"Qingyang" in town.get(here).content
    assert town.post(here, {"regime": "", "start": "2020-03-10"}).status_code == 422
    chosen = {"regime": "commitment", "paper": ["staff_list"], "start": "2020-03-10", "model": "commitment"}
    assert town.post(here, chosen).status_code == 302
    assert b"commitment" in town.get(here).content


@pytest.mark.parametrize("name", ["filings", "outputs"])
def test_longer_lists_make_no_more_queries(one, name):
    ready(one)
    file(one)
    output.report(enterprise=one.enterprise.pk, day=NOW, current=1600, normal=1000, now=NOW, actor=None)
    team = client(builders.user("service_team_member", one.enterprise.patch_id))
    numbers = []
    for number in (20, 21):
        team.get(address(name))
        with CaptureQueriesContext(connection) as queries:
            assert team.get(address(name)).status_code == 200
        numbers.append(len(queries))
        more = builders.enterprise(number, f"企业{number}", resumed=False, patch=one.enterprise.patch)
        Filing.objects.create(enterprise=more, regime=PERMIT, state="waiting", starts=NOW, filed_at=NOW, changed_at=NOW)
        output.report(enterprise=more.pk, day=NOW, current=1600, normal=1000, now=NOW, actor=None)
    assert numbers[0] == numbers[1]


def test_questions_are_asked_in_the_readers_language(one):
    with override("zh-hans"):
        page = client(one.clerk)
        page.cookies.load({"django_language": "zh-hans"})
        text = page.get(address("enterprise", one.enterprise.pk)).content.decode()
    assert "防疫物资可用天数" in text
    assert "days of protective supplies" not in text


PDF = b"%PDF-1.7 record of the inspection"


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_document_may_be_shown_as_a_file_that_is_kept_once_and_saved_by_who_may_read_it():
    one = plant(PERMIT, papers=("community_inspection", "prevention_plan"))
    ready(one)
    clerk, here = client(one.clerk), address("enterprise", one.enterprise.pk)
    for name, content in (("脚本.html", b"<script>"), ("空.pdf", b""), ("大.pdf", PDF + bytes(10 * 2**20)), *macros()):
        refused = clerk.post(here, {"file-community_inspection": sent(name, content)})
        assert refused.status_code == 422
        assert not Paper.objects.exists()
    said = {"item-community_inspection": "社区查验记录 3 号", "file-community_inspection": sent("查验记录.pdf", PDF)}
    assert clerk.post(here, said).status_code == 302
    paper = Paper.objects.get()
    assert PDF not in bytes(paper.encrypted)
    form = {"starts": "2020-03-09", "plan": "", "signed_by": "林老板", "commitment": list(COMMITMENTS)}
    assert clerk.post(address("file", one.enterprise.pk), form).status_code == 422  # no plan at all
    filed = clerk.post(address("file", one.enterprise.pk), form | {"plan_file": sent("又一份.pdf", PDF)})
    assert filed.status_code == 302
    assert Paper.objects.get().pk == paper.pk  # the same content sent twice is one file
    assert clerk.post(here, {"item-community_inspection": "社区查验记录 4 号"}).status_code == 302
    given = asked.known([one.enterprise.pk], NOW)[one.enterprise.pk]
    assert (given["community_inspection"].named, given["community_inspection"].paper) == ("社区查验记录 4 号", paper.pk)
    kept = reverse("registry:paper", args=[one.enterprise.pk, paper.pk])
    town = client(one.town)
    for page in (clerk.get(here), town.get(address("filing", Filing.objects.get().pk))):
        assert page.content.decode().count(kept) == 3  # both lines, and the input or the filed plan
    got = town.get(kept)
    assert got.content == PDF
    assert got["Content-Disposition"].startswith("attachment;")
    stranger = builders.user("enterprise_clerk", builders.enterprise(9, "别处企业").pk, "stranger")
    assert client(stranger).get(kept).status_code == 404


def test_a_plan_that_came_as_a_file_is_with_the_filing_and_not_asked_for_again():
    one = plant(PERMIT, papers=("community_inspection",))  # the way of filing asks for no plan
    ready(one)
    clerk, form = (
        client(one.clerk),
        {"starts": "2020-03-09", "plan": "", "signed_by": "林老板", "commitment": list(COMMITMENTS)},
    )
    clerk.post(address("enterprise", one.enterprise.pk), {"item-community_inspection": "社区查验记录 3 号"})
    filed = clerk.post(address("file", one.enterprise.pk), form | {"plan_file": sent("方案.pdf", PDF)})
    assert filed.status_code == 302
    filing, paper = Filing.objects.get(), Paper.objects.get()
    kept = reverse("registry:paper", args=[one.enterprise.pk, paper.pk])
    assert kept in client(one.town).get(address("filing", filing.pk)).content.decode()
    review.send_back(filing=filing.pk, enterprise=one.enterprise.pk, words="从哪天起？", by=By(NOW, one.town.pk))
    assert kept in clerk.get(address("file", one.enterprise.pk)).content.decode()
    assert clerk.post(address("file", one.enterprise.pk), form).status_code == 302
    assert kept in client(one.town).get(address("filing", filing.pk)).content.decode()
    assert asked.known([one.enterprise.pk], NOW)[one.enterprise.pk]["prevention_plan"].paper == paper.pk


def macros() -> list[tuple[str, bytes]]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part in ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"):
            archive.writestr(part, "x")
    return [("宏.docx", made.getvalue())]


def test_a_protocol_without_a_checklist_says_so_what_follows_and_what_to_do(one):
    filed = file_by_papers(one)
    builders.adopt(NOW - 60, "sg-2020-accesscode")
    assert {item.question.code for item in asked.open_items([one.enterprise.pk], NOW)[one.enterprise.pk]} == {
        "prevention_plan"  # the papers of a filing are asked for all the same
    }
    pages = [address("enterprise", one.enterprise.pk), address("filing", filed.pk), address("way")]
    pages.append(address("file", one.enterprise.pk))
    for language, list_words, output_words in (
        ("en", "the protocol in force, states no checklist of readiness", "states no thresholds for output"),
        ("zh-hans", "没有复工准备清单", "没有产能核对界限"),
    ):
        town = client(one.town)
        town.cookies.load({"django_language": language})
        for here in pages:
            assert list_words in town.get(here).content.decode(), here
        for here in (address("output", one.enterprise.pk), address("outputs")):
            assert output_words in town.get(here).content.decode(), here


def file_by_papers(of: Plant) -> Filing:
    """A filing that waits, whose plan isn't known by it."""
    return Filing.objects.create(
        enterprise=of.enterprise, regime=PERMIT, state="waiting", starts=NOW, filed_at=NOW, changed_at=NOW
    )
