"""Rosters that stand in a sheet in every way: titles, merged cells, two rows of headers, totals, several sheets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tables.making import CHEN, HUANG, LI, LIN, LIU, WANG, ZHANG, Builder, kept_in, xlsx

FILES: dict[str, Builder] = {}
file = kept_in(FILES)


@file("01_clean.xlsx")
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


@file("02_titles_merged_totals.xlsx")
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


@file("03_two_row_header.xlsx")
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


@file("04_decorated_headers.xlsx")
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


@file("13_repetitions.xlsx")
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


@file("14_several_sheets.xlsx")
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


@file("19_examples_blanks.xlsx")
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


@file("21_offset_table.xlsx")
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


@file("22_pages_with_subtotals.xlsx")
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


@file("23_other_peoples_columns.xlsx")
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


@file("25_english.xlsx")
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
