"""Files that are called a workbook and are none."""

from __future__ import annotations

import random

import pytest

from fugong.base.tables import TableError, read

NOISE = random.Random(20200309).randbytes(4_000)


@pytest.mark.parametrize("ending", ["xlsx", "xls", "xlsb", "ods"])
@pytest.mark.parametrize("content", [NOISE, b"\xff\xfe" + NOISE[:-1], b"ab\x01cd\n1,2\n", b"\0\1\2\3name"])
def test_garbage_called_a_workbook_is_said_to_be_none(ending: str, content: bytes) -> None:
    with pytest.raises(TableError) as refused:
        read(content, f"花名册.{ending.upper()}")
    assert refused.value.code == "table.no_workbook"
    assert f".{ending}" in refused.value.message


def test_text_called_a_workbook_is_read_all_the_same() -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert read("姓名,手机\n张三,13800138000\n".encode(encoding), "花名册.xls")[0].rows[0] == ["姓名", "手机"]


def test_garbage_called_text_is_no_text() -> None:
    with pytest.raises(TableError) as refused:
        read(NOISE, "roster.csv")
    assert refused.value.code == "table.encoding"
