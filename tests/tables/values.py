"""Rosters whose cells are written in every way: numbers, dates, telephones, names, documents, answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tables.making import CHEN, HUANG, LI, LIN, LIU, WANG, ZHANG, ZHAO, Builder, kept_in, xlsx

FILES: dict[str, Builder] = {}
file = kept_in(FILES)


@file("09_rounded_numbers.xlsx")
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


@file("10_dates.xlsx")
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


@file("11_telephones.xlsx")
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


@file("12_names.csv")
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


@file("16_documents.xlsx")
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


@file("17_identity_numbers.csv")
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


@file("24_answers.xlsx")
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
