"""How long a roster of 50,000 rows takes to read, to check and to hand back: `python tools/bench_tables.py [ROWS]`."""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import sys
import time

import django
import xlsxwriter

TODAY = dt.date(2020, 3, 9)
HEADERS = ("序号", "姓名", "性别", "身份证号码", "联系电话", "户籍所在地", "现住址", "车间", "岗位", "返岗日期")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜秀英敏静丽强磊军洋勇艳杰涛明超霞平刚桂"


def workbook(count: int) -> bytes:
    """A clean roster of that many workers, the same one every time."""
    from fugong.base.identifiers import check_digit

    dice = random.Random(7)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("花名册")
    page.write_row(0, 0, HEADERS)
    for number in range(1, count + 1):
        born = dt.date(1960, 1, 1) + dt.timedelta(days=number // 1000 * 97 % 15_000)
        body = f"{dice.choice(('350126', '350182', '420106', '360281', '522101'))}{born:%Y%m%d}{number % 1000:03}"
        page.write_row(
            number,
            0,
            (
                number,
                dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2)),
                "男" if int(body[16]) % 2 else "女",
                body + check_digit(body),
                f"138{dice.randrange(10**8):08}",
                dice.choice(("福建省福州市长乐区", "湖北省黄冈市", "江西省乐平市", "贵州省遵义市")),
                f"金星村{dice.randrange(900)}号",
                f"{dice.randrange(1, 20)}车间",
                dice.choice(("挡车工", "机修", "质检", "叉车")),
                f"2020-2-{dice.randrange(1, 29)}",
            ),
        )
    book.close()
    return out.getvalue()


def main() -> None:
    """Print the seconds of each step."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
    django.setup()
    from fugong.base.tables import error_workbook, read, recognise, rows
    from fugong.registry.roster.spec import roster

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    data = workbook(count)
    spec = roster(TODAY)
    started = time.perf_counter()
    sheets = read(data, "roster.xlsx")
    have_read = time.perf_counter()
    parsed = rows(sheets, recognise(sheets, spec), spec)
    have_checked = time.perf_counter()
    error_workbook(data, "roster.xlsx", parsed.errors)
    done = time.perf_counter()
    print(
        f"{len(parsed.rows)} rows, {parsed.in_error} in error, {len(parsed.skipped)} skipped; {len(data) / 1e6:.1f} MB"
    )
    steps = {"read": have_read - started, "check": have_checked - have_read, "mark": done - have_checked}
    for name, seconds in steps.items():
        print(f"{name:>8} {seconds:6.2f} s  {count / seconds:>10,.0f} rows a second")


if __name__ == "__main__":
    main()
