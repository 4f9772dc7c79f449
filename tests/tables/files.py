"""Messy rosters, made for the tests: what each function returns is a file as somebody might upload it on TODAY.

The people are invented; their numbers are well formed. What has to come of each file is written by hand in
`expected/<name>.json`.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

TODAY = dt.date(2020, 3, 9)

LIN = ("林金山", "350126197001010018", "13805910001")
CHEN = ("陈秀英", "350182198502140027", "13805910002")
WANG = ("王建国", "420106197006101173", "13805910003")
LI = ("李伟", "35011219991230128X", "13805910004")
HUANG = ("黄丽", "421127199202293338", "13805910005")
ZHANG = ("张强", "360281198803070457", "13805910006")
LIU = ("刘芳", "52210119790515204X", "13805910007")
ZHAO = ("赵敏", "510722199608184117", "13805910008")

Builder = Callable[[], bytes]
FILES: dict[str, Builder] = {}
"""Every file by the name under which it is uploaded."""


def _file(name: str) -> Callable[[Builder], Builder]:
    def keep(builder: Builder) -> Builder:
        FILES[name] = builder
        return builder

    return keep


def xlsx(
    sheets: dict[str, Sequence[Sequence[Any]]], merge: dict[str, Sequence[str]] | None = None, hide: Sequence[str] = ()
) -> bytes:
    """A workbook of those sheets, with merged ranges and hidden sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        for merged in (merge or {}).get(name, ()):
            page.merge_cells(merged)
        if name in hide:
            page.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@_file("01_clean.xlsx")
def clean() -> bytes:
    return xlsx(
        {
            "Sheet1": [
                ["姓名", "身份证号", "联系电话", "户籍", "现住址", "返岗日期", "车间", "岗位", "工号"],
                [*LIN, "福建省福州市长乐区", "金星村88号", dt.date(2020, 2, 24), "一车间", "挡车工", "A001"],
                [*CHEN, "福建省福州市长乐区", "仙街12号", dt.date(2020, 2, 24), "一车间", "质检", "A002"],
                [*WANG, "湖北省武汉市", "宿舍", None, "二车间", "机修", "A003"],
            ]
        }
    )


@_file("02_titles_merged_totals.xlsx")
def titles_merged_totals() -> bytes:
    return xlsx(
        {
            "花名册": [
                ["金峰镇某某纺织有限公司"],
                ["员工返岗花名册", None, None, None, None, None],
                ["填报单位（盖章）：", None, None, "填报日期：2020年3月9日"],
                [],
                ["序号", "车间", "姓名", "身份证号码", "手机", "返岗日期"],
                [1, "织造车间", *LIN, "2020年2月24日"],
                [2, None, *CHEN, "2020年2月25日"],
                [3, None, *WANG, "2020年2月26日"],
                [4, "后整车间", *LI, "2020年2月24日"],
                ["合计", None, "4人"],
                ["注：以上人员均已核对。"],
            ]
        },
        merge={"花名册": ("A1:F1", "A2:F2", "B6:B8", "A11:F11")},
    )


@_file("03_two_row_header.xlsx")
def two_row_header() -> bytes:
    return xlsx(
        {
            "员工": [
                ["员工信息汇总"],
                ["序号", "基本信息", None, None, "联系方式", None, "返岗", None],
                [None, "姓名", "证件号码", "性别", "手机", "现住址", "日期", "方式"],
                [1, LIN[0], LIN[1], "男", LIN[2], "金星村", "2020-02-24", "自驾"],
                [2, CHEN[0], CHEN[1], "女", CHEN[2], "仙街", "2020-02-25", "大巴"],
            ]
        },
        merge={"员工": ("A1:H1", "A2:A3", "B2:D2", "E2:F2", "G2:H2")},
    )


@_file("04_decorated_headers.xlsx")
def decorated_headers() -> bytes:
    return xlsx(
        {
            "Sheet1": [
                [
                    "1.姓 名（必填）*",
                    "★ 公民身份\n号码",
                    "联系电话（手机）",
                    "户籍/籍贯",
                    " 居住地址：",
                    "是否离开本地\n（是/否）",
                    "部门Department",
                    "员工宿舍号",
                    "备注",
                ],
                [*LIN, "福建长乐", "金星村", "否", "财务部", "302", "组长"],
                [*WANG, "湖北武汉", "园区", "是", "生产部", "205", None],
            ]
        }
    )


@_file("05_full_width_invisible.csv")
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


@_file("06_gb18030.csv")
def gb18030() -> bytes:
    lines = [
        "花名册（金峰镇）,,,",
        "员工姓名,证件号码,电话,班组",
        f"李䶮,{LI[1]},{LI[2]},甲班",
        f"王喆𠮷,{WANG[1]},{WANG[2]},乙班",
        f'"黄丽",{HUANG[1]},{HUANG[2]},"甲班,夜班"',
    ]
    return "\r\n".join(lines).encode("gb18030")


@_file("07_bom_semicolons.csv")
def bom_semicolons() -> bytes:
    lines = ["sep=;", "名字;身份证号码;手机号", f"{LIN[0]};{LIN[1]};{LIN[2]}", "", f"{CHEN[0]};{CHEN[1]};{CHEN[2]}"]
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


@_file("08_unicode_text.txt")
def unicode_text() -> bytes:
    lines = [
        "姓名\t身份证号\t联系电话\t现住址",
        f"{LIN[0]}\t{LIN[1]}\t{LIN[2]}\t金峰镇,金星村",
        f"{LI[0]}\t{LI[1]}\t\t",
    ]
    return "\r\n".join(lines).encode("utf-16")


@_file("09_rounded_numbers.xlsx")
def rounded_numbers() -> bytes:
    return xlsx(
        {
            "Sheet1": [
                ["姓名", "身份证号", "联系电话"],
                [LIN[0], 350126197001010018, 13805910001],
                [CHEN[0], "3.50182E+17", "13805910002.0"],
                [WANG[0], "420106197006101000", 13805910003.0],
                [LI[0], "3.50112199912301E+17", LI[2]],
                [ZHANG[0], ZHANG[1], 1.3805910006e10],
                ["周正", "350112199001037000", "13805910009"],
            ]
        }
    )


@_file("10_dates.xlsx")
def dates() -> bytes:
    people = [LIN, CHEN, WANG, LI, HUANG, ZHANG, LIU, ZHAO]
    written: list[Any] = [
        "2020.2.24",
        43885,
        dt.datetime(2020, 2, 24, 7, 30),  # noqa: DTZ001  (a spreadsheet's dates have no zone)
        "2020年2月24号",
        "2.24",
        "2020-2-30",
        "3/4/2020",
        "20.2.24",
    ]
    rows = [[name, number, date] for (name, number, _phone), date in zip(people, written, strict=True)]
    more = [
        ["陈明", "350126196509230180", "2020/2/24 下午3:20"],
        ["周杰", "420106198111115264", "待定"],
        ["郑涛", "350182199304050375", "2020年2月"],
        ["吴芳", "422201197507202429", "24/2/2020"],
        ["何平", "35011219900101006X", "已返"],
        ["何安", "35011219900101014X", "43885"],
    ]
    return xlsx({"返岗": [["姓名", "身份证号", "返厂时间"], *rows, *more]})


@_file("11_telephones.xlsx")
def telephones() -> bytes:
    people = [LIN, CHEN, WANG, LI, HUANG, ZHANG, LIU, ZHAO]
    written: list[Any] = [
        "+86-138-0591-0001",
        "0591-28881234",
        "(0591)28881234转801",
        "13805910004/13805910044",
        "138****0005",
        "1380591000",
        "28881234",
        "+852 5123 4567",
    ]
    rows = [[name, number, phone] for (name, number, _phone), phone in zip(people, written, strict=True)]
    more = [
        ["陈明", "350126196509230180", "无"],
        ["周杰", "420106198111115264", "008613805910010"],
        ["郑涛", "350182199304050375", "见名片"],
    ]
    return xlsx({"Sheet1": [["姓名", "身份证号", "联系方式"], *rows, *more]})


@_file("12_names.csv")
def names() -> bytes:
    lines = [
        "姓名,身份证号",
        f"林 金 山,{LIN[1]}",
        f"阿卜杜.热合曼,{CHEN[1]}",
        f"阿依古丽 • 买买提,{WANG[1]}",
        f"John  van der Berg,{LI[1]}",
        f"张强2,{ZHANG[1]}",
        f"123,{LIU[1]}",
        f",{HUANG[1]}",
        f"\u3000赵\u200b敏 ,{ZHAO[1]}",
    ]
    return "\n".join(lines).encode()


@_file("13_repetitions.xlsx")
def repetitions() -> bytes:
    return xlsx(
        {
            "一": [
                ["姓名", "身份证号", "手机", "车间"],
                [*LIN, "一车间"],
                [],
                [*CHEN, "一车间"],
                [*LIN, "一车间"],
                ["陈秀英", CHEN[1], None, "一车间"],
                [*WANG, "一车间"],
                ["王建军", WANG[1], WANG[2], "一车间"],
                [" ", "\u3000", None, "\xa0"],
            ],
            "二": [
                ["身份证号", "姓名", "部门"],
                [LIN[1].lower(), "林金山", "一车间"],
                [LI[1].lower(), "李伟", "二车间"],
                [LI[1], "李 伟", "三车间"],
            ],
        }
    )


@_file("14_several_sheets.xlsx")
def several_sheets() -> bytes:
    return xlsx(
        {
            "填写说明": [["姓名", "身份证号"], ["例如：张三", HUANG[1]]],
            "一车间": [["姓名", "身份证号", "手机"], LIN, CHEN],
            "二车间": [["二车间名单"], ["编号", "员工姓名", "公民身份号码", "电话"], [1, *WANG]],
            "物资": [["品名", "数量"], ["口罩", 500], ["手套", 200]],
            "续表": [LI, HUANG],
            "缺列": [["身份证号", "手机"], [ZHANG[1], ZHANG[2]]],
            "旧名册": [["姓名", "身份证号"], LIU[:2]],
            "空白": [],
        },
        hide=("旧名册",),
    )


@_file("15_old_excel.xls")
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


@_file("16_documents.xlsx")
def documents() -> bytes:
    return xlsx(
        {
            "Sheet1": [
                ["姓名", "证件类型", "证件号码"],
                ["林金山", "居民身份证", LIN[1]],
                ["陈大文", "港澳居民来往内地通行证", "h1234567801"],
                ["林志远", "台胞证", "01234567"],
                ["John Smith", "护照", "P 1234567"],
                ["陈小文", "港澳台居民居住证", "810000199001020030"],
                ["Maria Garcia", "外国人永久居留身份证", "USA110080010101"],
                ["Pierre Martin", "五星卡", "911840198001050015"],
                ["林志明", None, "830000199001020245"],
                ["陈老伯", "身份证", "350182680305012"],
                ["何英", None, "E12345678"],
                ["王建国", "护照", WANG[1]],
                ["赵敏", "港澳居民来往内地通行证", "X123"],
                ["刘芳", None, "12345678"],
                ["黄丽", "会员卡", HUANG[1]],
                ["何志明", "军官证", "军字第001234号"],
                ["陈二文", "身份证", "820000198602030012"],
            ]
        }
    )


@_file("17_identity_numbers.csv")
def identity_numbers() -> bytes:
    lines = [
        "姓名,身份证号",
        "甲一,350126197001010019",
        "甲二,350112199002300018",
        "甲三,350112202101010010",
        "甲四,350182200404010034",
        "甲五,359999198001010012",
        "甲六,350126199601010010",
        "甲七,35012619700101001",
        "甲八,3501**********0018",
        "甲九,35O126197001010018",
        "乙一,",
        "乙二,420106197006101173",
        "乙三,35018219850214002７",
        "乙四,3501261970010100181",
    ]
    return "\n".join(lines).encode()


@_file("18_formulas.xlsx")
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


@_file("19_examples_blanks.xlsx")
def examples_blanks() -> bytes:
    return xlsx(
        {
            "Sheet1": [
                ["序号", "姓名", "身份证号", "性别"],
                ["示例", "张三", HUANG[1], "女"],
                [1, *LIN[:2], "男"],
                [2, *CHEN[:2], "女"],
                [3, None, None, None],
                [None, "  ", None, None],
                [4, *LI[:2], "女"],
                [5, "赵敏", None, "男"],
                [],
                ["填表人：林某某", None, None, "审核人：陈某某"],
                ["请于每日下午五点之前把本表报送到镇企业服务中心，不得迟报漏报。"],
            ]
        }
    )


@_file("20_csv_quirks.csv")
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


@_file("21_offset_table.xlsx")
def offset_table() -> bytes:
    none: list[Any] = [None, None]
    return xlsx(
        {
            "Sheet1": [
                [],
                [],
                [*none, "某某公司"],
                [],
                [*none, "姓名", None, "身份证号", "入职日期", "返岗日期", "星座"],
                [*none, LIN[0], None, LIN[1], "2018/6/1", "2020/2/24", "白羊"],
                [*none, CHEN[0], None, CHEN[1], "2020/2/25", "2020/2/24", None],
            ]
        }
    )


@_file("22_pages_with_subtotals.xlsx")
def pages_with_subtotals() -> bytes:
    header = ["班组", "姓名", "身份证号", "工种"]
    return xlsx(
        {
            "打印": [
                header,
                ["甲班", *LIN[:2], "挡车"],
                ["甲班", *CHEN[:2], "挡车"],
                ["小计", "2人", None, None],
                header,
                ["乙班", *WANG[:2], "机修"],
                ["小计：", "1人", None, None],
                ["总计", 3, None, None],
            ]
        }
    )


@_file("23_other_peoples_columns.xlsx")
def other_peoples_columns() -> bytes:
    return xlsx(
        {
            "Sheet1": [
                [
                    "姓名",
                    "身份证号",
                    "紧急联系人",
                    "紧急联系人电话",
                    "本人联系电话",
                    "家属姓名",
                    "企业名称",
                    "户籍所在地",
                    "籍贯",
                ],
                [*LIN[:2], "林母", "13805919999", LIN[2], "林父", "某公司", "福建长乐", "福建"],
                [*CHEN[:2], "陈母", "123", CHEN[2], "陈父", "某公司", "350112", "江西"],
            ]
        }
    )


@_file("24_answers.xlsx")
def answers() -> bytes:
    header = ["姓名", "身份证号", "性别", "出生日期", "用工形式", "是否离开本地", "来源地"]
    return xlsx(
        {
            "Sheet1": [
                header,
                [*LIN[:2], "男", "1970-01-01", "正式工", "否", "/"],
                [*CHEN[:2], "女性", "1985.2.14", "劳务派遣", "√", "江西乐平"],
                [*WANG[:2], "M", "1970-06-11", "临时工（短期）", "Y", "湖北武汉"],
                [*LI[:2], "？", "19991230", "老板亲戚", "也许", "—"],
                [*ZHANG[:2], "女", None, "合同工", True, None],
            ]
        }
    )


@_file("25_english.xlsx")
def english() -> bytes:
    return xlsx(
        {
            "Workers": [
                ["Acme Textiles - list of workers"],
                [
                    "No.",
                    "Full Name *",
                    "Document Type",
                    "Document No.",
                    "Mobile Phone",
                    "Department",
                    "Job Title",
                    "Date of Return",
                ],
                [
                    1,
                    "Maria  Garcia Lopez",
                    "Passport",
                    "AB1234567",
                    "+34 600 123 456",
                    "Weaving",
                    "Operator",
                    dt.date(2020, 2, 24),
                ],
                [2, "Chen Xiuying", "ID card", CHEN[1], CHEN[2], "Weaving", "Operator", "2020-02-25"],
                ["Total", "2", None, None, None, None, None, None],
            ]
        }
    )


@_file("26_missing_column.xlsx")
def missing_column() -> bytes:
    return xlsx({"Sheet1": [["姓名", "手机", "车间"], ["林金山", LIN[2], "一车间"]]})


@_file("27_no_header.csv")
def no_header() -> bytes:
    return "\n".join(",".join(person) for person in (LIN, CHEN, WANG)).encode()


@_file("28_only_a_header.xlsx")
def only_a_header() -> bytes:
    return xlsx({"Sheet1": [["姓名", "身份证号", "手机"], [], [None, " "]]})


@_file("29_encrypted.xlsx")
def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(400)


@_file("30_web_page.xls")
def web_page() -> bytes:
    return "<html><body><table><tr><td>姓名</td></tr></table></body></html>".encode()


@_file("31_scan.pdf")
def scan() -> bytes:
    return b"%PDF-1.4\n1 0 obj\n"


@_file("32_letter.docx")
def letter() -> bytes:
    return _archive({"word/document.xml": b"<w:document/>"})


@_file("33_cut_off.xlsx")
def cut_off() -> bytes:
    return clean()[:2_000]


@_file("34_far_corner.xlsx")
def far_corner() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "姓名"
    book.worksheets[0]["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@_file("35_empty.csv")
def empty() -> bytes:
    return b"\r\n \r\n"


@_file("36_not_text.csv")
def not_text() -> bytes:
    return b"\xff\xff\x80\x81" * 50


@_file("37_archive.xlsx")
def archive() -> bytes:
    return _archive({"readme.txt": b"x"})


def _archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
