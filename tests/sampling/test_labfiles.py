"""Laboratories' files: by barcode, as CSV or Excel, good and bad; what is refused waits for a person."""

from __future__ import annotations

import io

import openpyxl
import pytest

from fugong.base.tables import TableError
from fugong.ledger.models import Fact
from fugong.sampling.errors import SamplingError
from fugong.sampling.models import LabFile, LabRow
from fugong.sampling.services import labfiles
from sampling.clinic import Clinic, clinic, clock, results_of

pytestmark = pytest.mark.django_db
EVENING = clock("20:00")
HEAD = "样本编号,姓名,检测结果,报告时间\n"


@pytest.fixture
def town() -> Clinic:
    return clinic(4)


def take(town: Clinic, content: str | bytes, name: str = "结果.csv") -> labfiles.Taken:
    raw = content.encode() if isinstance(content, str) else content
    return labfiles.take_in(content=raw, filename=name, now=EVENING, actor=town.staff.pk)


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_file_tells_each_tube_its_result_and_every_row_is_counted(town: Clinic) -> None:
    one, other, third, _fourth = town.workers
    single, pool = town.tube(one), town.tube(other, third)
    text = (
        f"{HEAD}{single.barcode},甲,阴性,2020-03-09 19:00\n{pool.barcode.lower()},,(-),2020/3/9 19:10\n"
        f"NOBODYS-1,乙,阴性,2020-03-09 19:00\n合计,,,\n"
    )
    taken = take(town, text)
    assert not taken.again
    counts = {"rows": 4, "stored": 2, "unchanged": 0, "people": 3, "refused": 1, "skipped": 1}
    assert taken.file.counts == counts
    assert [results_of(worker) for worker in town.workers] == [["negative"]] * 3 + [[]]
    fact = Fact.objects.filter(kind="test").first()
    assert fact is not None
    assert (fact.source, fact.evidence) == ("laboratory", f"sha256:{taken.file.digest}")
    again = take(town, text, "another name.csv")
    assert again.again and again.file == taken.file and LabFile.objects.count() == 1
    later = take(town, text + "\n")  # another file with the same rows: known, and nothing is stored twice
    assert later.file.counts == {**counts, "stored": 0, "unchanged": 2, "people": 0}
    assert Fact.objects.filter(kind="test").count() == 3


def test_excel_as_laboratories_write_it(town: Clinic) -> None:
    single = town.tube(town.workers[0])
    head = ["金域医学检验 检测结果报告", None, None, None]
    rows = [head, ["条码号", "检测项目", "结果", "审核时间"], [single.barcode, "新冠核酸", "阴", "2020-03-09 19:00"]]
    assert take(town, workbook(rows), "报告.xlsx").file.counts["stored"] == 1
    assert results_of(town.workers[0]) == ["negative"]


BAD = {
    "tube.unknown": "NOBODYS-1,,阴性,2020-03-09 19:00",
    "tube.barcode": "？,,阴性,2020-03-09 19:00",
    "cell.required": ",张三,阴性,2020-03-09 19:00",
    "choice.unknown": "{tube},,看不清,2020-03-09 19:00",
    "test.future": "{tube},,阴性,2020-03-10 19:00",
    "result.early": "{tube},,阴性,2020-03-09 08:00",
    "moment.unclear": "{tube},,阴性,上周二",
}


@pytest.mark.parametrize("code", BAD)
def test_a_bad_row_is_refused_in_words_and_kept_while_the_others_go_in(town: Clinic, code: str) -> None:
    tube, good = town.tube(town.workers[0]), town.tube(town.workers[1])
    taken = take(town, f"{HEAD}{BAD[code].format(tube=tube.barcode)}\n{good.barcode},,阴性,2020-03-09 19:00\n")
    (row,) = LabRow.objects.all()
    assert (row.code, row.state, row.row) == (code, LabRow.OPEN, 2)
    assert set(row.why) == {"zh-hans", "en"} and row.why["zh-hans"] != row.why["en"]
    assert taken.file.counts["stored"] == 1 and results_of(town.workers[0]) == []


def test_rows_that_contradict_each_other_or_what_is_known_are_refused(town: Clinic) -> None:
    tube = town.tube(town.workers[0])
    both = f"{HEAD}{tube.barcode},,阴性,2020-03-09 19:00\n{tube.barcode},,阳性,2020-03-09 19:00\n"
    assert take(town, both).file.counts["stored"] == 0
    assert set(LabRow.objects.values_list("code", flat=True)) == {"row.contradicts"}
    take(town, f"{HEAD}{tube.barcode},,阴性,2020-03-09 19:00\n")
    take(town, f"{HEAD}{tube.barcode},,阳性,2020-03-09 19:00\n")
    assert LabRow.objects.filter(code="result.contradicts").count() == 1 and results_of(town.workers[0]) == ["negative"]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 x", b"name,address\na,b\n", b"PK\x03\x04nonsense"])
def test_what_is_no_such_file_is_refused_as_a_whole_and_leaves_nothing(town: Clinic, content: bytes) -> None:
    with pytest.raises(TableError) as refused:
        take(town, content)
    assert refused.value.in_language("zh-hans") != refused.value.in_language("en")
    assert not LabFile.objects.exists()


def test_a_refused_row_is_matched_to_its_tube_or_dismissed_and_its_cells_go(town: Clinic) -> None:
    tube, other = town.tube(town.workers[0]), town.tube(town.workers[1])
    take(
        town,
        f"{HEAD}LAB-00O1,王小明,阳性,2020-03-09 19:00\n{other.barcode},李四,不明,2020-03-09 19:00\n,赵五,阴性,2020-03-09 19:00\n",
    )
    mistyped, unclear, nameless = LabRow.objects.order_by("row")
    assert labfiles.cells(mistyped)["姓名"] == "王小明" and "王小明" not in str(mistyped.why)
    with pytest.raises(SamplingError, match="NOBODYS"):
        labfiles.match(row=mistyped.pk, barcode="NOBODYS-1", now=EVENING, actor=town.staff.pk)
    done = labfiles.match(row=mistyped.pk, barcode=tube.barcode, now=EVENING, actor=town.staff.pk)
    assert (done.state, done.tube, done.settled_by) == (LabRow.MATCHED, tube, town.staff)
    assert results_of(town.workers[0]) == ["positive"] and labfiles.cells(done) == {}
    with pytest.raises(SamplingError) as silent:
        labfiles.match(row=unclear.pk, barcode=other.barcode, now=EVENING, actor=town.staff.pk)
    assert silent.value.code == "lab.no_result"
    labfiles.match(row=unclear.pk, barcode=other.barcode, result="inconclusive", now=EVENING, actor=town.staff.pk)
    assert results_of(town.workers[1]) == ["inconclusive"]
    with pytest.raises(SamplingError) as without:
        labfiles.dismiss(row=nameless.pk, reason="", now=EVENING, actor=town.staff.pk)
    assert without.value.code == "lab.no_reason"
    labfiles.dismiss(row=nameless.pk, reason="外单位人员", now=EVENING, actor=town.staff.pk)
    for again in (mistyped, nameless):
        with pytest.raises(SamplingError, match="已处理"):
            labfiles.dismiss(row=again.pk, reason="x", now=EVENING, actor=town.staff.pk)
