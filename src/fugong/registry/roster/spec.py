"""The roster (花名册) as people upload it: which columns it has, what they are called, and when a row is wrong.

Pure: no database. What comes out of a right row: `document` (`identifiers.Document`), `name`, and of the rest what the
sheet has columns for (a column that is there and blank gives None).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from fugong.base import identifiers
from fugong.base.characters import compact
from fugong.base.faults import Fault, declare
from fugong.base.identifiers import DocumentKind
from fugong.base.tables import CellError, Column, Spec, parsers

declare(
    {
        "roster.sex_differs": _("The sex does not agree with the identity number. Compare both with the document."),
        "roster.birth_differs": _(
            "The date of birth does not agree with the identity number. Compare both with the document."
        ),
        "roster.returned_early": _(
            "The worker is said to have returned on %(date)s, before being employed. Compare the two dates."
        ),
    }
)


def _words(text: str) -> tuple[str, ...]:
    """The words of a list that is written with 、 between them."""
    return tuple(text.split("、"))


DOCUMENT_WORDS: dict[str, tuple[str, ...]] = {
    "resident": _words(
        "居民身份证、身份证、二代身份证、中华人民共和国居民身份证、内地居民身份证、大陆居民身份证、居民户口簿、户口簿"
        "、ID card、resident ID"
    ),
    "residence_permit": _words(
        "港澳台居民居住证、港澳台居住证、港澳居民居住证、台湾居民居住证、居住证、HK/Macao/Taiwan residence permit"
    ),
    "passport": _words("护照、中国护照、外国护照、因私护照、因公护照、passport"),
    "hk_macao_permit": _words(
        "港澳居民来往内地通行证、回乡证、港澳通行证、港澳居民通行证、来往内地通行证、HK/Macao permit"
    ),
    "taiwan_permit": _words(
        "台湾居民来往大陆通行证、台胞证、台湾通行证、台湾居民通行证、来往大陆通行证、Taiwan permit"
    ),
    "foreign_permanent": _words(
        "外国人永久居留身份证、外国人永久居留证、永久居留证、五星卡、foreign permanent resident card"
    ),
    "other": _words("其他、其它、其他证件、军官证、士兵证、other"),
}
CONTRACT_WORDS: dict[str, tuple[str, ...]] = {
    "regular": _words("正式、正式工、正式员工、合同工、合同制、全职、长期、固定、劳动合同、regular、permanent"),
    "dispatched": _words("派遣、劳务派遣、派遣工、劳务、劳务工、外包、劳务外包、dispatched、dispatch"),
    "temporary": _words("临时、临时工、短期、季节工、小时工、实习、实习生、兼职、temporary、temp、casual"),
}
SEX_WORDS: dict[str, tuple[str, ...]] = {
    "male": _words("男、男性、male、m、man"),
    "female": _words("女、女性、female、f、woman"),
}


def _looks_like_resident_number(text: str) -> bool:
    bare = compact(text)
    return len(bare) == 18 and bare[:17].isdigit() and bare[6:8] in {"19", "20"}


def _check(today: dt.date) -> Any:
    def check(values: dict[str, Any]) -> Iterator[Fault]:
        kind = cast("DocumentKind | None", values.get("document_type"))
        try:
            document = identifiers.identify(values["document_number"], today=today, kind=kind)
        except Fault as fault:
            fault.field = fault.field or ("document_type" if fault.code == "id.kind_differs" else "document_number")
            yield fault
            return
        values["document"] = document
        values["document_number"] = document.number
        for warning in document.warnings:
            warning.field = "document_number"
            yield warning
        if "sex" in values or "born" in values:
            yield from _compare(document, values)
        returned, employed = values.get("returned_on"), values.get("employed_on")
        if returned and employed and returned < employed:
            yield CellError("roster.returned_early", field="returned_on", warning=True, date=returned.isoformat())

    return check


def _compare(document: identifiers.Document, values: dict[str, Any]) -> Iterator[Fault]:
    sex, born = values.get("sex"), values.get("born")
    if sex and document.sex and sex != document.sex:
        yield CellError("roster.sex_differs", field="sex", warning=True)
    if born and document.born and born != document.born:
        yield CellError("roster.birth_differs", field="born", warning=True)


@lru_cache(maxsize=8)
def roster(today: dt.date, resolve: parsers.Resolve | None = None) -> Spec:
    """The roster's declaration on a day; `resolve` looks up the names of divisions (without it, names stay names)."""
    place = parsers.division(resolve)
    columns = (
        Column(
            "name",
            _("worker's name"),
            _words(
                "姓名、员工姓名、职工姓名、人员姓名、工人姓名、名字、员工名字、姓名全称"
                "、name、full name、employee name、worker"
            ),
            parsers.person_name,
            required=True,
            hint=_("As in the identity document."),
            example=_("Zhang San"),
        ),
        Column(
            "document_type",
            _("document type"),
            _words("证件类型、证件种类、证件类别、身份证件类型、document type、id type、type of document"),
            parsers.choice(DOCUMENT_WORDS),
            hint=_("Only needed where it is no resident identity card."),
            choices=tuple(DOCUMENT_WORDS.values()),
        ),
        Column(
            "document_number",
            _("document number"),
            _words(
                "身份证号、身份证号码、证件号码、证件号、公民身份号码、公民身份证号码、居民身份证号码"
                "、居民身份证号、身份证、身份号码、身份证件号码、身份证件号、二代身份证号、有效证件号码"
                "、证照号码"
                "、ID number、id no、id card、id card number、identity number、identity card number"
                "、document number、document no、resident id"
            ),
            parsers.document_number,
            required=True,
            shape=_looks_like_resident_number,
            hint=_("All characters; keep the cell formatted as text, or Excel rounds the number."),
            example="350182198803070018",
            as_text=True,
        ),
        Column(
            "sex",
            _("sex"),
            _words("性别、sex、gender"),
            parsers.choice(SEX_WORDS),
            hint=_("Compared with the identity number."),
            choices=tuple(SEX_WORDS.values()),
        ),
        Column(
            "born",
            _("date of birth"),
            _words("出生日期、出生年月日、出生年月、生日、出生时间、date of birth、birth date、birthday、dob"),
            parsers.date,
            hint=_("Compared with the identity number."),
            example="1988-03-07",
        ),
        Column(
            "phone",
            _("telephone"),
            _words(
                "联系电话、手机号码、手机号、手机、电话、电话号码、移动电话、联系方式、本人电话、本人联系电话"
                "、本人手机、联系手机、手机电话、固定电话"
                "、phone、mobile、telephone、tel、phone number、mobile phone、mobile number、cell phone"
                "、contact number"
            ),
            parsers.phone,
            hint=_("A mobile number, or a fixed one with its area code."),
            example="13800138000",
            as_text=True,
        ),
        Column(
            "household",
            _("household registration"),
            _words(
                "户籍、户籍所在地、户籍地、户籍地址、户口所在地、户籍归属地、户口、户口地址、户口所在地址"
                "、籍贯、身份证地址、身份证住址"
                "、household registration、household、registered residence、hukou"
            ),
            place,
            hint=_("Province, city and county, or the six-digit code. It is never inferred from the identity number."),
            example=_("Changle District, Fuzhou, Fujian"),
        ),
        Column(
            "address",
            _("present address"),
            _words(
                "现住址、居住地址、现居住地、现居住地址、现居地、住址、家庭住址、居住地、常住地址、现住地址"
                "、暂住地址、家庭地址、联系地址、地址、详细地址"
                "、address、present address、current address、home address"
            ),
            parsers.text(200),
            example=_("88 Jinxing Village"),
        ),
        Column(
            "workshop",
            _("workshop"),
            _words(
                "车间、所在车间、部门、所属部门、所在部门、工作部门、班组、班组名称、科室、生产线"
                "、workshop、department、dept、team"
            ),
            parsers.text(64),
            example=_("workshop 1"),
        ),
        Column(
            "badge",
            _("badge number"),
            _words(
                "工号、员工工号、职工号、员工编号、员工号、人员编号、工牌号、工牌、厂牌号、胸牌号"
                "、badge number、badge、employee number、employee no、employee id、staff number、staff no、staff id"
            ),
            parsers.text(32),
            example="A0137",
            as_text=True,
        ),
        Column(
            "post",
            _("post"),
            _words("岗位、工作岗位、工种、职务、职位、岗位名称、岗位工种、post、position、job、job title、occupation"),
            parsers.text(64),
            example=_("loom operator"),
        ),
        Column(
            "contract",
            _("contract"),
            _words(
                "用工形式、用工性质、用工类型、合同类型、员工类型、人员类别、人员类型、用工方式"
                "、contract、contract type、employment type"
            ),
            parsers.choice(CONTRACT_WORDS),
            choices=tuple(CONTRACT_WORDS.values()),
        ),
        Column(
            "dormitory",
            _("dormitory"),
            _words("宿舍、宿舍楼、宿舍楼栋、宿舍名称、宿舍地址、宿舍楼号、楼栋、dormitory、dorm、dorm building"),
            parsers.text(100),
            example=_("building 1"),
        ),
        Column(
            "room",
            _("room"),
            _words(
                "宿舍号、房间号、宿舍房间号、宿舍房号、房号、寝室号、房间、寝室、room、room number、room no、dorm room"
            ),
            parsers.text(50),
            example="302",
        ),
        Column(
            "employed_on",
            _("employed on"),
            _words(
                "入职日期、入职时间、入厂日期、入厂时间、进厂日期、进厂时间"
                "、hire date、date of hire、date of employment、employed on、joined"
            ),
            parsers.date,
            example="2018-06-01",
        ),
        Column(
            "returned_on",
            _("returned on"),
            _words(
                "返岗日期、到岗日期、返岗时间、到岗时间、返厂日期、返厂时间、返工日期、返工时间、复工日期"
                "、返回日期、返回时间、返长日期、返乐日期、上岗日期、上岗时间"
                "、return date、date of return、returned on"
            ),
            parsers.date,
            hint=_("Leave it blank for somebody who has not come back yet."),
            example="2020-02-24",
        ),
        Column(
            "left_area",
            _("has left the area"),
            _words(
                "是否离开本地、是否离开过本地、是否离开、春节是否离开本地、春节期间是否离开本地、是否离长"
                "、是否离开长乐、是否外出、有无外出、是否离榕"
                "、left area、has left the area、left the area"
            ),
            parsers.yes_no(yes=("离开", "已离开", "外出"), no=("未离开", "未外出", "本地")),
            choices=(("是", "yes"), ("否", "no")),
        ),
        Column(
            "coming_from",
            _("coming from"),
            _words(
                "来源地、从何地返回、返岗出发地、出发地、何地返回、返程出发地、来自、从哪里返回、来自何地"
                "、返回地"
                "、coming from、origin"
            ),
            place,
            example=_("Huanggang, Hubei"),
        ),
    )
    return Spec("workers", _("roster"), columns, ("document_number",), _check(today))
