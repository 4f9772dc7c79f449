"""Lists upward: what is on them, signing them off, the difference, and what the database forbids."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

import builders
from fugong.ledger.queries import standing
from fugong.policies.services import evidence
from fugong.registry.asked import open_items
from fugong.submissions import export, queries, unknown
from fugong.submissions.errors import SubmissionError
from fugong.submissions.lists import Asked, kinds
from fugong.submissions.models import NOT_RETURNED, VACANCIES, Submission, SubmissionRow
from fugong.submissions.services import layouts, signing, vacancies
from policies import keep_post

pytestmark = pytest.mark.django_db
NOW = builders.NOW
BY = {"signed_by": "林主任", "actor": None}


@pytest.fixture
def firm():
    builders.town()
    made = keep_post.enterprise()
    keep_post.take()
    made.people = builders.workers(made, 3)
    made.people += builders.workers(made, 2, first=50)
    lacking = ("", "post_kept", "told_to_delay")
    told = [
        fact for one, item in zip(made.people, lacking, strict=False) for fact in keep_post.facts(one, unknown=item)
    ]
    told += keep_post.facts(made.people[3], without="registered_in_hubei")
    told += keep_post.facts(made.people[4])
    keep_post.write(told)
    builders.arrive(made.people[4], NOW - 86_400)  # back: not on the list any more
    return made


def page(kind, at=NOW):
    return kinds()[kind].page(Asked(at), 50, 0)


def sign(kind=NOT_RETURNED, at=NOW, **more):
    return signing.sign(kind=kind, office="福州市人社局", now=at, **BY | more)


def workbook(submission, layout=None):
    target = io.BytesIO()
    export.write(submission, target, layout)
    return openpyxl.load_workbook(io.BytesIO(target.getvalue()))


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_who_is_registered_in_hubei_and_away_is_on_the_list_with_each_condition(firm):
    rows = {row.subject: row.values for row in page(NOT_RETURNED)}
    assert set(rows) == set(firm.people[:3])
    assert kinds()[NOT_RETURNED].count(Asked(NOW)) == (3, 3)
    whole, kept, told = (rows[one] for one in firm.people[:3])
    assert (whole["result"], whole["missing"]) == ("符合", "")
    assert (kept["result"], kept["missing"]) == ("待补", "企业保留岗位")
    assert told["missing"] == "企业通知延迟返岗"
    assert kept["evidence"]["企业保留岗位"] == "unknown"
    assert set(whole["evidence"].values()) == {"yes"}
    assert kept["household"].startswith("湖北")


def test_a_list_takes_as_many_queries_for_three_as_for_one(firm):
    with CaptureQueriesContext(connection) as for_one:
        kinds()[NOT_RETURNED].page(Asked(NOW), 1, 0)
    with CaptureQueriesContext(connection) as for_three:
        kinds()[NOT_RETURNED].page(Asked(NOW), 3, 0)
    assert len(for_one) == len(for_three) <= 10


def test_a_list_of_the_past_comes_out_as_it_was(firm):
    vacancies.report(enterprise=firm.pk, post="挡车工", number=5, now=NOW, actor=None)
    vacancies.report(enterprise=firm.pk, post="挡车工", number=2, now=NOW + 100, actor=None)
    listed = kinds()[VACANCIES]
    assert [listed.count(Asked(at)) for at in (NOW - 1, NOW, NOW + 99, NOW + 100)] == [(0, 0), (1, 5), (1, 5), (1, 2)]
    assert listed.count(Asked(NOW + 200, known_at=NOW + 50)) == (1, 5)  # as then known


def test_vacancies_change_over_time_and_are_closed_with_a_reason(firm):
    fact = vacancies.report(
        enterprise=firm.pk, post="挡车工", number=5, skill="经编", monthly_yuan=6500, now=NOW, actor=None
    )
    (row,) = page(VACANCIES)
    assert (row.values["number"], row.values["skill"], row.values["pay"]) == (5, "经编", "6500")
    with pytest.raises(SubmissionError):
        vacancies.close(vacancy=fact, enterprise=firm.pk, reason=" ", now=NOW + 10, actor=None)
    vacancies.close(vacancy=fact, enterprise=firm.pk, reason="已招满", now=NOW + 10, actor=None)
    assert page(VACANCIES, NOW + 10) == []
    with pytest.raises(SubmissionError) as error:
        vacancies.close(vacancy=fact, enterprise=firm.pk, reason="x", now=NOW + 20, actor=None)
    assert error.value.code == "vacancy.gone"
    with pytest.raises(SubmissionError) as error:
        vacancies.report(
            enterprise=firm.pk, post="挡车工", number=1, since=NOW + 1_000 * 366 * 86_400, now=NOW, actor=None
        )
    assert error.value.code == "vacancy.far"


def test_the_second_version_says_what_was_added_gone_and_changed(firm):
    first = sign()
    assert (first.version, first.rows, queries.counts(first)) == (1, 3, {"added": 0, "gone": 0, "changed": 0})
    evidence.show(people=[firm.people[1]], item="post_kept", holds=True, now=NOW + 60, actor=None)
    builders.arrive(firm.people[2], NOW + 70)
    (more,) = builders.workers(firm, 1, first=70)
    keep_post.write(keep_post.facts(more))
    second = sign(at=NOW + 3600)
    assert (second.version, second.before, second.rows) == (2, first, 3)
    assert queries.counts(second) == {"added": 1, "gone": 1, "changed": 1}
    (changed,) = queries.differences(second, "changed", 10, 0)
    assert changed.subject == firm.people[1]
    assert set(changed.changed) == {"evidence", "missing", "result"}
    assert [one.subject for one in queries.differences(second, "gone", 10, 0)] == [firm.people[2]]
    assert [one.subject for one in queries.differences(second, "added", 10, 0)] == [more]
    sheet = workbook(second)["变更"]
    assert [row[0] for row in cells(sheet)[1:]] == ["新增", "减少", "变更"]
    assert "企业保留岗位：待核" in cells(sheet)[3][-1]


def test_a_signed_list_never_changes(firm):
    made = sign()
    rows = SubmissionRow.objects.filter(submission=made)

    def forbidden(write):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()

    forbidden(lambda: rows.update(values={}))
    forbidden(rows.delete)
    forbidden(lambda: Submission.objects.filter(pk=made.pk).update(signed_by="somebody else"))
    forbidden(lambda: Submission.objects.filter(pk=made.pk).delete())
    more = {"submission": made, "place": 9, "key": "9", "subject_id": firm.people[0], "values": {}}
    forbidden(lambda: SubmissionRow.objects.create(**more))
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.create(kind=NOT_RETURNED, version=9, office="x", as_of=NOW, known_at=NOW)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_whoever_signs_signs_what_they_looked_at(firm):
    with pytest.raises(SubmissionError) as error:
        sign(expected=2)
    assert error.value.code == "list.changed"
    assert sign(expected=3).signed_by == "林主任"


def test_the_list_in_our_layout_has_no_document_number(firm):
    sheet = workbook(sign())["名单"]
    text = str(cells(sheet))
    assert builders.name(0) in text
    assert builders.resident_number(0) not in text
    assert sheet.max_row == 3 + 3


def office(*rows, merge=""):
    """An office's workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "附件1"
    for row in rows:
        sheet.append(row)
    sheet["A1"].font = openpyxl.styles.Font(name="宋体", size=16, bold=True)
    sheet.column_dimensions["B"].width = 31
    if merge:
        sheet.merge_cells(merge)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


GOOD = (
    ["{town}留岗留薪人员名单（第{version}版）", None, None, None],
    ["序号", "姓名", "证件号码", "单位"],
    ["{row}", "{name}", "{document}", "{enterprise}（{credit_code}）"],
    ["共 {count} 人", None, "填报人：{signed_by}", None],
)


def test_an_office_sets_the_layout_by_a_workbook_with_placeholders(firm):
    layout = layouts.add(kind=NOT_RETURNED, name="市局附件1", content=office(*GOOD, merge="A1:D1"), now=NOW, actor=None)
    sheet = workbook(sign(), layout)["附件1"]
    rows = cells(sheet)
    assert rows[0][0] == "临江镇留岗留薪人员名单（第1版）"
    assert sheet["A1"].font.b
    assert sheet["A1"].font.name == "宋体"
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A1:D1"]
    assert sheet.column_dimensions["B"].width == pytest.approx(31, abs=1)
    assert [row[0] for row in rows[2:5]] == [1, 2, 3]
    assert {row[2] for row in rows[2:5]} == {builders.resident_number(n) for n in range(3)}
    assert rows[2][3] == f"{firm.name}（{firm.credit_code}）"
    assert rows[5][0] == "共 3 人"
    assert rows[5][2] == "填报人：林主任"


@pytest.mark.parametrize(
    ("rows", "code", "says"),
    [
        ((["{nmae}"],), "layout.unknown", "A1"),
        ((["{town}"],), "layout.no_row", ""),
        ((["{name}"], ["{phone}"]), "layout.two_rows", "1"),
    ],
)
def test_a_layout_that_is_wrong_is_refused_with_the_cell(rows, code, says, firm):
    with pytest.raises(SubmissionError) as error:
        layouts.add(kind=NOT_RETURNED, name="x", content=office(*rows), now=NOW, actor=None)
    assert error.value.code == code
    assert says in error.value.message


def test_what_is_no_workbook_is_no_layout(firm):
    for content in (b"", b"PK\x03\x04 nothing", b"x" * 600_000):
        with pytest.raises(SubmissionError):
            layouts.add(kind=NOT_RETURNED, name="x", content=content, now=NOW, actor=None)


def test_no_cell_of_a_list_is_a_formula(firm):
    vacancies.report(enterprise=firm.pk, post="=1+1", number=1, now=NOW, actor=None)
    sheet = workbook(sign(VACANCIES))["名单"]
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cell.data_type == "s"


def test_whose_registration_nobody_said_is_counted_beside_the_list_and_their_enterprise_is_asked(firm, client):
    stranger, back = builders.workers(firm, 2, first=80)
    away = [fact for one in (stranger, back) for fact in keep_post.facts(one) if fact.kind != "household"]
    keep_post.write(away)
    builders.arrive(back, NOW - 3600)
    assert kinds()[NOT_RETURNED].count(Asked(NOW)) == (3, 3)
    (found,) = unknown.in_town(NOW)
    assert (found.enterprise.pk, found.people) == (firm.pk, 1)
    (item,) = [one for one in open_items([firm.pk], NOW)[firm.pk] if one.question.code == unknown.ITEM]
    assert item.address == f"/enterprises/{firm.pk}/roster/"
    assert "1" in str(item.question.title)
    client.force_login(builders.user("town_administrator"))
    client.cookies["django_language"] = "en"
    sign()
    live, kept = (
        client.get("/lists/not-returned/?unknown=1"),
        client.get(f"/lists/signed/{Submission.objects.get().pk}/"),
    )
    page = live.content.decode()
    for shown in (page, kept.content.decode()):  # the facts behind each yes and no, by kind and time
        assert shown.count("social insurance · 2020-01-01 – 2020-03-31") == 3
        assert "evidence of a person" in shown
    assert f"/enterprises/{firm.pk}/asked/" in page
    asked = f"/enterprises/{firm.pk}/asked/"
    page = client.get(asked).content.decode()  # the roster answers it, person by person, and no tick on this page
    with override("en"):  # in which the page speaks by now
        title = str(item.question.title)
    assert title in page and f'href="{item.address}"' in page and f'name="item-{unknown.ITEM}"' not in page
    client.post(asked, {f"item-{unknown.ITEM}": "yes"})
    assert not standing().filter(kind="evidence", values__item=unknown.ITEM).exists()
    builders.record(stranger, "household", builders.EARLY, {"division": "421100"})
    assert unknown.in_town(NOW) == []
    assert unknown.ITEM not in [one.question.code for one in open_items([firm.pk], NOW)[firm.pk]]
    assert kinds()[NOT_RETURNED].count(Asked(NOW)) == (4, 4)
