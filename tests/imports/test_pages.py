"""The pages of uploads: choose, look, correct the columns, take in, hand back; and who may not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

import builders
from fugong.base import background, clock
from fugong.base.tables import read
from fugong.clearance import services as clearance
from fugong.ledger.acts import Done
from fugong.registry import acts
from fugong.registry.imports.lists import all_lists
from fugong.registry.models import Employment, Upload, Worker
from fugong.registry.uploads import services
from imports.sheets import number
from tables.files import FILES

pytestmark = pytest.mark.django_db
HEADER = ["姓名", "身份证号", "手机", "车间"]
RIGHT = ["王小明", number(1), "13800138000", "一车间"]
WRONG = ["李芳", number(2)[:-1], "", ""]


@pytest.fixture(autouse=True)
def _at_nine_thirty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)
    with translation.override("en"):
        yield


@pytest.fixture
def place() -> builders.Place:
    return builders.place()


@pytest.fixture
def as_role(place: builders.Place) -> Callable[[str], Client]:
    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(place.users[role])
        client.cookies["django_language"] = "en"
        return client

    return sign_in


def xlsx(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client: Client, address: str, content: bytes, filename: str = "list.xlsx", **more: str) -> Any:
    return client.post(address, {"file": SimpleUploadedFile(filename, content), **more})


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def roster_of(place: builders.Place) -> str:
    return f"/enterprises/{place.enterprise.pk}/roster/"


def test_a_roster_from_the_file_to_the_workers_and_the_marked_sheet(place, as_role):
    client = as_role("enterprise_clerk")
    before = Worker.objects.count()
    sent = send(client, roster_of(place), xlsx(["某厂名单"], HEADER, RIGHT, WRONG))
    assert sent.status_code == 302
    shown = text(client.get(sent.url))
    assert "Import 1 row; to correct: 1" in shown
    assert "18 characters" in shown
    assert number(1) not in shown
    assert f"····{number(1)[-4:]}" in shown
    assert Worker.objects.count() == before
    upload = Upload.objects.get()
    assert number(1).encode() not in bytes(upload.content)
    done = client.post(f"{sent.url}take-in/", follow=True)
    assert "All rows that were right went in" in text(done)
    assert Worker.objects.filter(name="王小明").count() == 1
    marked = client.get(f"{sent.url}marked.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0]
    assert sheet["B4"].comment is not None
    assert sheet["B3"].comment is None
    assert "attachment" in marked["Content-Disposition"]


def test_a_right_list_loses_its_content_at_once_and_a_repeat_is_harmless(place, as_role):
    client = as_role("enterprise_clerk")
    sent = send(client, roster_of(place), xlsx(HEADER, RIGHT))
    for _ in range(2):
        assert client.post(f"{sent.url}take-in/").url == sent.url
    upload = Upload.objects.get()
    assert (upload.state, upload.content) == (Upload.DONE, None)
    assert upload.result["added"] == 1
    assert Worker.objects.filter(name="王小明").count() == 1
    assert "The content of the file has been deleted" in text(client.get(sent.url))
    assert client.get(f"{sent.url}marked.xlsx").status_code == 404


def whole(response: Any) -> str:
    """A streamed page, once it has ended."""
    return re.sub(r"\s+", " ", b"".join(response.streaming_content).decode())


@pytest.mark.django_db(transaction=True)
def test_of_a_long_list_a_bar_counts_the_rows_and_the_page_says_what_came_of_it(place, as_role, monkeypatch, caplog):
    monkeypatch.setattr(background, "MANY", 2)
    client = as_role("enterprise_clerk")
    sent = send(client, roster_of(place), xlsx(HEADER, RIGHT, WRONG))
    counted = re.search(r'name="rows" value="(\d+)"', text(client.get(sent.url)))
    assert counted and counted[1] == "2"
    said = whole(client.post(f"{sent.url}take-in/", {"rows": counted[1]}))
    assert "1 of 1 rows" in said and "The list is taken in." in said and f'href="{sent.url}"' in said
    assert Worker.objects.filter(name="王小明").count() == 1
    assert Upload.objects.get().state == Upload.DONE
    assert "All rows that were right went in" in text(client.get(sent.url))
    gone = send(client, roster_of(place), xlsx(HEADER, RIGHT))
    Upload.objects.filter(state=Upload.OPEN).update(content=None)
    said = whole(client.post(f"{gone.url}take-in/", {"rows": "2"}))
    assert "Nothing was changed." in said and "Upload the file again" in said
    broken = send(client, roster_of(place), xlsx(HEADER, ["李芳", number(2), "", ""]))
    monkeypatch.setattr(services, "take_in_list", lambda **given: 1 / 0)
    said = whole(client.post(f"{broken.url}take-in/", {"rows": "2"}))
    assert "An error happened on our side. Nothing was saved." in said and said.rstrip().endswith("</html>")
    assert "ZeroDivisionError" in caplog.text and "李芳" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_of_a_long_list_that_takes_too_much_from_people_the_page_says_that_it_waits(
    place, as_role, monkeypatch, settings
):
    monkeypatch.setattr(background, "MANY", 1)
    settings.FUGONG_LOSS_LIMIT = 0
    sent = send(as_role("enterprise_clerk"), roster_of(place), xlsx(HEADER, RIGHT))
    gone = {"rows": "1", "leaver": [str(place.workers["cleared"])]}
    assert "a second person has to agree" in whole(as_role("enterprise_clerk").post(f"{sent.url}take-in/", gone))
    assert Employment.objects.get(worker=place.workers["cleared"]).active
    assert Upload.objects.get().state == Upload.WAITING


@pytest.mark.parametrize("kind", ["workers", "register"])
def test_progress_only_grows_and_ends_with_the_last_row(place, kind, monkeypatch):
    monkeypatch.setattr(clearance, "BATCH", 1)
    told: list[tuple[int, int]] = []
    people = [["王小明", number(one), "", "一车间"] for one in range(1, 6)]
    if kind == "workers":  # two of them are known, and work elsewhere too
        acts.take_in_list(
            kind=kind, enterprise=place.other, content=xlsx(HEADER, *people[:2]), filename="list.xlsx", now=builders.NOW,
            actor=None,
        )  # fmt: skip
    content = {
        "workers": xlsx(HEADER, *people),
        "register": xlsx(["姓名", "手机尾号", "日期", "是否健康"], *_registers(place)),
    }[kind]
    done = acts.take_in_list(
        kind=kind, enterprise=place.enterprise, content=content, filename="list.xlsx", now=builders.NOW, actor=None,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert isinstance(done, Done) and done.result.added == 5 and not done.result.errors
    assert told == sorted(told) and told[-1] == (5, 5) and {total for _done, total in told} == {5}
    assert len(set(told)) > 2 and told.count((5, 5)) <= 2


def _registers(place: builders.Place) -> list[list[str]]:
    people = Worker.objects.filter(pk__in=list(place.workers.values())[:5])
    return [[one.name, one.phone_tail, "2020-03-05", "健康"] for one in people]


def test_pasted_rows_are_as_good_as_a_file(place, as_role):
    client = as_role("enterprise_clerk")
    rows = "\n".join("\t".join(row) for row in (HEADER, RIGHT))
    sent = client.post(roster_of(place), {"rows": rows})
    assert "Import 1 row" in text(client.get(sent.url))


def test_the_users_word_on_columns_changes_the_preview(place, as_role):
    client = as_role("enterprise_clerk")
    sent = send(client, roster_of(place), xlsx(["名", "身份证号", "某列", "另一列"], RIGHT))
    assert "not taken" in text(client.get(sent.url))
    assert Upload.objects.get().overrides == {}
    columns = {"use-0": "on", "header-0": "1", "column-0-0": "name", "column-0-1": "document_number"}
    again = client.post(
        sent.url, {**columns, "column-0-2": "phone", "column-0-3": "workshop"}, headers={"HX-Request": "true"}
    )
    assert again.status_code == 200
    client.post(sent.url, {**columns, "column-0-2": "", "column-0-3": "post"})
    client.post(f"{sent.url}take-in/")
    worker = Worker.objects.get(name="王小明")
    employment = Employment.objects.get(worker=worker)
    assert (worker.phone_tail, employment.workshop, employment.post) == ("", "", "一车间")


def test_the_header_row_and_the_sheets_are_the_users_too(place, as_role):
    client = as_role("enterprise_clerk")
    sent = send(client, roster_of(place), xlsx(HEADER, RIGHT, HEADER, ["李芳", number(2), "", ""]))
    client.post(sent.url, {"use-0": "on", "header-0": "3"})
    assert Upload.objects.get().overrides["Sheet"]["header"] == 3
    client.post(f"{sent.url}take-in/")
    assert not Worker.objects.filter(name="王小明").exists()
    assert Worker.objects.filter(name="李芳").exists()
    other = send(client, roster_of(place), xlsx(HEADER, RIGHT))
    client.post(other.url, {"header-0": "1"})  # the sheet is not ticked
    refused = client.post(f"{other.url}take-in/")
    assert refused.status_code == 422
    assert not Worker.objects.filter(name="王小明").exists()


def test_leavers_are_offered_unticked_and_only_those_who_are_ticked_leave(place, as_role):
    client = as_role("enterprise_clerk")
    sent = send(client, roster_of(place), xlsx(HEADER, RIGHT))
    shown = text(client.get(sent.url))
    assert "7 people who are employed here are not in the file" in shown
    assert not re.search(r'name="leaver"[^>]*checked', shown)
    gone, other = place.workers["away"], place.others[0]
    client.post(f"{sent.url}take-in/", {"leaver": [str(gone), str(other), "nonsense"]})
    active = set(Employment.objects.filter(active=True).values_list("worker_id", flat=True))
    assert gone not in active
    assert other in active
    assert len(active & set(place.workers.values())) == 6


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("r.xlsx", b"", "empty"),
        ("r.pdf", b"%PDF-1.4 xxxxxxxxx", "PDF"),
        ("r.xlsx", b"PK\x03\x04broken", "damaged"),
        ("r.xls", None, "password"),
        ("r.csv", b"x" * (20 * 2**20 + 1), "20 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_same_page(place, as_role, name, content, says):
    if content is None:
        content = FILES[next(file for file in FILES if "encrypted" in file)]()
    response = send(as_role("enterprise_clerk"), roster_of(place), content, name)
    assert response.status_code == 422
    assert says in text(response)
    assert not Upload.objects.exists()


def test_nothing_chosen_says_so(place, as_role):
    response = as_role("enterprise_clerk").post(roster_of(place), {"rows": "  "})
    assert (response.status_code, "Choose a file" in text(response)) == (422, True)


def test_a_list_without_a_header_that_we_know_can_still_be_mapped(place, as_role):
    client = as_role("enterprise_clerk")
    sent = send(client, roster_of(place), xlsx(["甲", "乙"], [RIGHT[0], RIGHT[1]]))
    shown = client.get(sent.url)
    assert shown.status_code == 200
    assert "fg-note-error" in text(shown)
    fields = {"use-0": "on", "header-0": "1", "column-0-0": "name", "column-0-1": "document_number"}
    client.post(sent.url, {"use-0": "on", "header-0": "1"})
    client.post(sent.url, fields)
    client.post(f"{sent.url}take-in/")
    assert Worker.objects.filter(name="王小明").exists()


@pytest.mark.parametrize("kind", [one.kind for one in all_lists()])
def test_every_kind_has_its_page_and_a_template_that_it_understands(place, as_role, kind):
    client = as_role("town_administrator")
    page = client.get(roster_of(place) if kind == "workers" else f"/uploads/new/{kind}/")
    assert page.status_code == 200
    template = client.get(f"/uploads/template/{kind}.xlsx")
    assert read(template.content, "t.xlsx")
    assert client.get("/uploads/").status_code == 200


def test_facts_of_the_own_enterprise_by_name_and_last_digits(place, as_role):
    client = as_role("enterprise_clerk")
    worker = Worker.objects.get(pk=place.workers["untested"])
    row = (worker.name, worker.phone_tail, "2020-03-09 08:00", "2020-03-09 09:00", "阴性")
    rows = "姓名\t手机尾号\t采样时间\t报告时间\t结果\n" + "\t".join(row)
    sent = client.post("/uploads/new/test/", {"rows": rows})
    client.post(f"{sent.url}take-in/")
    from fugong.clearance.queries import status

    assert status(worker.pk, "work", builders.NOW).holds


def test_facts_of_the_whole_town_or_of_one_enterprise(place, as_role):
    client = as_role("town_administrator")
    rows = f"统一社会信用代码\t复工日期\n{place.other.credit_code}\t2020-03-05"
    sent = client.post("/uploads/new/resumption/", {"rows": rows})
    assert "Import 1 row" in text(client.get(sent.url))
    other = client.post("/uploads/new/resumption/", {"rows": rows, "enterprise": place.enterprise.credit_code})
    assert "another enterprise" in text(client.get(other.url))
    wrong = client.post("/uploads/new/resumption/", {"rows": rows, "enterprise": "X"})
    assert (wrong.status_code, "No enterprise has" in text(wrong)) == (422, True)
    assert client.get("/uploads/new/horoscope/").status_code == 404
    assert client.get("/uploads/new/workers/").status_code == 404


def test_what_is_anothers_does_not_exist(place, as_role):
    clerk = as_role("enterprise_clerk")
    assert clerk.get(f"/enterprises/{place.other.pk}/roster/").status_code == 404
    administrator = as_role("town_administrator")
    sent = send(administrator, f"/enterprises/{place.other.pk}/roster/", xlsx(HEADER, RIGHT))
    town = administrator.post("/uploads/new/test/", {"rows": "姓名\t结果"})
    for address in (sent.url, town.url):
        for method, tail in (
            ("get", ""),
            ("get", "marked.xlsx"),
            ("post", ""),
            ("post", "take-in/"),
            ("post", "forget/"),
        ):
            assert getattr(clerk, method)(f"{address}{tail}").status_code == 404
    assert Upload.objects.filter(content__isnull=False, state=Upload.OPEN).count() == 2


@pytest.mark.parametrize("role", ["bureau_reader", "line_leader", "guard", "worker"])
def test_who_may_not_upload(place, as_role, role):
    client = as_role(role)
    assert client.get("/uploads/").status_code == 403
    assert client.get(roster_of(place)).status_code == 403
    assert client.get("/uploads/new/test/").status_code == 403
    assert Client().get("/uploads/").status_code == 302


def test_content_is_deleted_after_a_day_or_at_once(place, as_role):
    client = as_role("enterprise_clerk")
    first = send(client, roster_of(place), xlsx(HEADER, RIGHT))
    second = send(client, roster_of(place), xlsx(HEADER, RIGHT))
    client.post(f"{second.url}forget/")
    assert Upload.objects.filter(content__isnull=False).count() == 1
    assert services.purge(now=builders.NOW + services.KEPT) == 0
    assert services.purge(now=builders.NOW + services.KEPT + 1) == 1
    gone = client.get(first.url)
    assert (gone.status_code, "has been deleted" in text(gone)) == (200, True)
    assert client.post(f"{first.url}take-in/").status_code == 422
    assert not Worker.objects.filter(name="王小明").exists()


def test_the_steward_deletes_what_is_older_than_a_day(place, as_role):
    from fugong.project.tasks import TASKS

    purge = next(task for task in TASKS if task.name == "uploads")
    send(as_role("enterprise_clerk"), roster_of(place), xlsx(HEADER, RIGHT))
    purge.run(builders.NOW + services.KEPT)
    assert Upload.objects.filter(content__isnull=False).count() == 1
    purge.run(builders.NOW + services.KEPT + 1)
    assert Upload.objects.filter(content__isnull=False).count() == 0


def test_a_preview_asks_no_more_questions_when_it_has_more_rows(place, as_role, django_assert_max_num_queries):
    client = as_role("enterprise_clerk")
    people = [["王小明", number(i), "", ""] for i in range(3, 300)]
    sent = send(client, roster_of(place), xlsx(HEADER, *people))
    with django_assert_max_num_queries(25):
        assert "Import 297 rows" in text(client.get(sent.url))
    assert isinstance(Upload.objects.get().pk, UUID)
