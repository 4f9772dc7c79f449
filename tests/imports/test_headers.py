"""Lists whose header lacks what they need: an error that names it, never a traceback."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fugong.base.tables import TableError, read_text
from fugong.registry.imports.lists import List, all_lists
from imports.sheets import NOW

POOR = ("姓名", "姓名,备注", "序号,姓名", "姓名,是否在外", "备注", "企业名称", "name", "序号", "甲,乙,丙")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [one.kind for one in all_lists()])
@pytest.mark.parametrize("header", POOR)
def test_a_poor_header_is_refused_with_the_columns_that_are_wanted(kind: str, header: str) -> None:
    listed = next(one for one in all_lists() if one.kind == kind)
    with pytest.raises(TableError) as refused:
        listed.parse(read_text(f"{header}\n{','.join(['张三'] * (header.count(',') + 1))}\n", "one.csv"), NOW)
    columns = listed.spec(NOW).columns
    wanted = [column for column in columns if column.required] or columns[:1]
    assert all(str(column.title) in refused.value.message for column in wanted)


WORDS = sorted({header for one in all_lists() for column in one.spec(NOW).columns for header in column.headers[:2]})
CELLS = st.sampled_from(["张三", "", "是", "2020-03-01", "13800138000", "36.7", "合计", "示例", "x"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[List, str]:
    headers = draw(st.lists(st.sampled_from([*WORDS, "备注", "序号", "", "是否在外"]), min_size=1, max_size=4))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(headers), max_size=len(headers)), max_size=3))
    return draw(st.sampled_from(all_lists())), "\n".join(",".join(cells) for cells in (headers, *rows))


class Headers(TestCase):
    """Whatever stands in a header, and whichever list it is uploaded as."""

    @settings(max_examples=200, deadline=None)
    @given(tables())
    def test_rows_or_an_error_that_says_what_to_do(self, drawn: tuple[List, str]) -> None:
        listed, text = drawn
        message = ""
        try:
            parsed = listed.parse(read_text(text, "one.csv"), NOW)
        except TableError as refused:
            message = refused.message
        assert message or parsed.rows or parsed.skipped
        if not message:
            assert all(row.values or row.errors for row in parsed.rows)
