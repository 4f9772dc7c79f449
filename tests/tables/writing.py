"""Rosters as programs write them: encodings, separators, old workbooks, formulas."""

from __future__ import annotations

import datetime as dt
import io

import xlsxwriter
import xlwt

from tables.making import CHEN, HUANG, LI, LIN, WANG, Builder, kept_in

FILES: dict[str, Builder] = {}
file = kept_in(FILES)


@file("05_full_width_invisible.csv")
def full_width_invisible() -> bytes:
    lines = [
        "姓名,身份证号,手机号码,返岗日期,宿舍号",
        "林金山,３５０１２６１９７００１０１００１８,１３８０５９１０００１,２０２０－２－２４,３０２",
        "陈秀英,\u200b350182198502140027\ufeff,138 0591 0002,2020．2．25,\u00a0205\u3000",
        "李伟,35011219991230128x,13805910004\t,2020/02/24,'101",
        "刘芳,'52210119790515204ｘ,138-0591-0007,20200226,１号楼",
        "王建国,420106 19700610 1173,+86 13805910003,2020-2-24 00:00:00,－",
    ]
    return "\n".join(lines).encode()


@file("06_gb18030.csv")
def gb18030() -> bytes:
    lines = [
        "花名册（金峰镇）,,,",
        "员工姓名,证件号码,电话,班组",
        f"李䶮,{LI[1]},{LI[2]},甲班",
        f"王喆𠮷,{WANG[1]},{WANG[2]},乙班",
        f'"黄丽",{HUANG[1]},{HUANG[2]},"甲班,夜班"',
    ]
    return "\r\n".join(lines).encode("gb18030")


@file("07_bom_semicolons.csv")
def bom_semicolons() -> bytes:
    lines = ["sep=;", "名字;身份证号码;手机号", f"{LIN[0]};{LIN[1]};{LIN[2]}", "", f"{CHEN[0]};{CHEN[1]};{CHEN[2]}"]
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


@file("08_unicode_text.txt")
def unicode_text() -> bytes:
    lines = [
        "姓名\t身份证号\t联系电话\t现住址",
        f"{LIN[0]}\t{LIN[1]}\t{LIN[2]}\t金峰镇,金星村",
        f"{LI[0]}\t{LI[1]}\t\t",
    ]
    return "\r\n".join(lines).encode("utf-16")


@file("15_old_excel.xls")
def old_excel() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    page.write_merge(0, 1, 0, 5, "某某针织厂花名册")
    for index, header in enumerate(("序号", "部门", "姓名", "身份证号", "联系电话", "返岗日期")):
        page.write(2, index, header)
    page.write_merge(3, 4, 1, 1, "裁剪")
    for row, (name, number, phone) in enumerate((LIN, CHEN), start=3):
        page.write(row, 0, row - 2)
        page.write(row, 2, name)
        page.write(row, 3, number)
        page.write(row, 4, float(phone))
        page.write(row, 5, dt.date(2020, 2, 24), day)
    page.write(6, 2, WANG[0])
    page.write(6, 3, float(WANG[1]))
    page.write(7, 0, "共计")
    page.write(7, 2, "3人")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@file("18_formulas.xlsx")
def formulas() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Sheet1")
    for index, header in enumerate(("姓名", "身份证号", "手机", "车间", "返岗日期")):
        page.write_string(0, index, header)
    for row, (name, number, phone) in enumerate((LIN, CHEN, WANG), start=1):
        page.write_formula(row, 0, f'="{name[0]}"&"{name[1:]}"', None, name)
        page.write_string(row, 1, number)
        page.write_formula(row, 2, f"=1*{phone}", None, int(phone))
        page.write_formula(row, 3, "=VLOOKUP(A2,Z:Z,1,0)", None, "#N/A" if row == 2 else "一车间")
        page.write_formula(row, 4, "=DATE(2020,2,24)", book.add_format({"num_format": "yyyy/m/d"}), 43885)
    book.close()
    return out.getvalue()


@file("20_csv_quirks.csv")
def csv_quirks() -> bytes:
    lines = [
        "工号,姓名,身份证号,手机,现住址",
        f'007,林金山,="{LIN[1]}",="{LIN[2]}","金峰镇\n金星村 88号"',
        f"'008,陈秀英,\t{CHEN[1]},{CHEN[2]}\t,=HYPERLINK(1)",
        ",,,,",
        f'009,"王""建国",{WANG[1]},,',
        "010,李伟",
    ]
    return "\r\n".join(lines).encode("utf-8-sig")
