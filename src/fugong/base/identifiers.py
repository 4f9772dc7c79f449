"""Numbers that identify people and enterprises: identity documents, credit codes, telephone numbers.

A resident identity number (GB 11643-1999) is wrong when its check digit (ISO 7064 MOD 11-2) or its date is; an unknown
division code, or one that was abolished before the person was born, is only doubtful, and says nothing about where
the person is registered today. Numbers of every usual kind of document are told apart by their form.

No sentence shows more of a number than its last four characters: neither its division nor its date of birth.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from django.utils.translation import gettext_lazy as _
from stdnum import numdb

from fugong.base.characters import compact
from fugong.base.faults import Fault, Text, declare
from fugong.base.personal import masked, number_masked

DocumentKind = Literal[
    "resident", "residence_permit", "passport", "hk_macao_permit", "taiwan_permit", "foreign_permanent", "other"
]

DOCUMENT_KINDS: dict[DocumentKind, Text] = {
    "resident": _("resident identity card"),
    "residence_permit": _("residence permit for Hong Kong, Macao and Taiwan residents"),
    "passport": _("passport"),
    "hk_macao_permit": _("mainland travel permit for Hong Kong and Macao residents"),
    "taiwan_permit": _("mainland travel permit for Taiwan residents"),
    "foreign_permanent": _("foreign permanent resident identity card"),
    "other": _("other document"),
}
"""Every kind of document, with its title."""

WORKING_AGE = 16
"""Years: the least age at which the Labour Law (劳动法, article 15) allows employment."""

declare(
    {
        "id.digits_lost": _(
            "Excel has turned the number %(value)s into a rounded one: its last digits are lost. Format the column as"
            " text and enter the whole number again."
        ),
        "id.masked": _("The number %(value)s has hidden digits. Enter the whole number."),
        "id.length": _(
            "A resident identity number has 18 characters, this one has %(found)s. Compare it with the document."
        ),
        "id.characters": _(
            "A resident identity number has digits only, and perhaps an X at its end. Compare it with the document."
        ),
        "id.check_digit": _(
            "The number cannot be right: its last character does not fit the others. Compare it with the document."
        ),
        "id.date": _(
            "The number cannot be right: its digits 7 to 14 are no date of birth. Compare it with the document."
        ),
        "id.born_later": _(
            "The number says that the person was born on a day that is still to come. Compare it with the document."
        ),
        "id.kind_unclear": _(
            "It is not clear which kind of document has this number. Add a column “document type” that"
            " says so, or correct the number."
        ),
        "id.kind_differs": _("This is no number of the kind: %(kind)s. Correct the number or the document type."),
        "id.form": _("The number does not have the form of: %(kind)s. Compare it with the document."),
        "id.division_unknown": _(
            "No county ever had the code with which the number begins. Compare it with the document."
        ),
        "id.division_abolished": _(
            "The number begins with the code of a county that was given up in %(year)s, before the person was born."
            " Compare it with the document."
        ),
        "id.under_age": _("The person is %(age)s years old, younger than %(least)s."),
        "id.maybe_rounded": _("The number ends in 000: perhaps Excel has rounded it. Compare it with the document."),
        "id.old_form": _("A number of 15 digits (issued before 1999) was completed to 18."),
        "uscc.length": _(
            "A unified social credit code has 18 characters, this one has %(found)s. Compare it with the licence."
        ),
        "uscc.characters": _(
            "A unified social credit code has digits and capital letters, without I, O, S, V and Z. Compare it"
            " with the licence."
        ),
        "uscc.check_digit": _(
            "The credit code cannot be right: its last character does not fit the others. Compare it with the licence."
        ),
        "phone.unclear": _(
            "“%(value)s” is no telephone number. Write a mobile number of 11 digits, or a fixed one with its area code."
        ),
        "phone.length": _("A mobile number has 11 digits, “%(value)s” has %(found)s. Correct the number."),
        "phone.area_missing": _("The fixed number “%(value)s” has no area code. Write it like 0591-28881234."),
        "phone.masked": _("The number “%(value)s” has hidden digits. Enter the whole number."),
        "phone.several": _("There is more than one number in the cell; %(value)s was taken."),
    }
)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_HAN_X = str.maketrans("×ХхΧχ", "XXXXX")

_OLD_RESIDENT = re.compile(r"\d{15}").fullmatch
_RESIDENT = re.compile(r"\d{17}[\dX]", re.ASCII).fullmatch
_HK_MACAO = re.compile(r"[HM](\d{8}|\d{10})").fullmatch
_TAIWAN = re.compile(r"\d{8}|\d{10}(\([A-Z]\)|[A-Z])?").fullmatch
_CHINESE_PASSPORT = re.compile(r"[EG]\d{8}|E[A-Z]\d{7}|[DSP]\d{7,8}|[DSP]E\d{7}|1[45]\d{7}").fullmatch
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{5,12}").fullmatch
_FOREIGN_OLD = re.compile(r"[A-Z]{3}\d{12}").fullmatch
_OTHER = re.compile(r"[^\s]{3,40}").fullmatch
_ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d{2}", re.IGNORECASE).fullmatch
_MASKED = re.compile(r"[\dA-Z]*[*#?]{2,}[\dA-Z]*", re.IGNORECASE).fullmatch


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document: its kind, its number as it is to be kept, and what the number itself says.

    `sex` is "male" or "female"; `warnings` are what is doubtful about the number.
    """

    kind: DocumentKind
    number: str
    born: dt.date | None = None
    sex: Literal["male", "female"] | None = None
    warnings: tuple[Fault, ...] = field(default=(), compare=False)


def normalise_number(value: object) -> str:
    """The number of a document as text: plain characters, capital letters, no spaces.

    Raises `Fault` when a spreadsheet has kept it as a number and lost digits, or when digits are hidden.
    """
    if isinstance(value, (int, float)):
        if abs(value) >= 1e15 or value != int(value):
            raise Fault("id.digits_lost", value=masked(f"{value:.6g}".upper()[-4:]))
        return str(int(value))
    text = compact(str(value)).upper().translate(_HAN_X)
    if len(text) == 18 and text.isalnum():
        return text
    if _ROUNDED(text):
        raise Fault("id.digits_lost", value=masked(text[-4:]))
    if _MASKED(text):
        raise Fault("id.masked", value=number_masked(text))
    return re.sub(r"(?<=[\dA-Z])-(?=[\dA-Z])", "", text).removesuffix(".0") if text[:1].isalnum() else text


def identify(number: str, *, today: dt.date, kind: DocumentKind | None = None) -> Document:
    """The document that a normalised number belongs to, of the given kind or else of the kind that its form tells.

    Raises `Fault`: the number is wrong, does not fit the kind, or no kind can be told from it.
    """
    if kind is None:
        return _guess(number, today)
    if kind == "resident":
        if number[:2] in {"81", "82", "83"} and len(number) == 18:
            raise Fault("id.kind_differs", kind=DOCUMENT_KINDS[kind])
        return _resident(number, today, "resident")
    if kind == "residence_permit":
        if number[:2] not in {"81", "82", "83"}:
            raise Fault("id.kind_differs", kind=DOCUMENT_KINDS[kind])
        return _resident(number, today, "residence_permit")
    if _RESIDENT(number) and number[0] != "9" and check_digit(number) == number[17]:
        raise Fault("id.kind_differs", kind=DOCUMENT_KINDS[kind])
    if kind == "foreign_permanent" and len(number) == 18:
        return _resident(number, today, "foreign_permanent")
    forms = {
        "passport": _PASSPORT,
        "hk_macao_permit": _HK_MACAO,
        "taiwan_permit": _TAIWAN,
        "foreign_permanent": _FOREIGN_OLD,
        "other": _OTHER,
    }
    if not forms[kind](number):
        raise Fault("id.form", kind=DOCUMENT_KINDS[kind])
    return Document(kind, number)


def _guess(number: str, today: dt.date) -> Document:
    length = len(number)
    if length == 18:
        first = number[:2]
        kind: DocumentKind = "residence_permit" if first in {"81", "82", "83"} else "resident"
        return _resident(number, today, "foreign_permanent" if first[0] == "9" else kind)
    if length == 15 and number.isdigit():
        return _resident(number, today, "resident")
    if _HK_MACAO(number):
        return Document("hk_macao_permit", number)
    if _CHINESE_PASSPORT(number):
        return Document("passport", number)
    if _FOREIGN_OLD(number):
        return Document("foreign_permanent", number)
    if number[:-1].isdigit() and 11 <= length <= 21:
        raise Fault("id.length", found=length)
    raise Fault("id.kind_unclear")


def _resident(number: str, today: dt.date, kind: DocumentKind) -> Document:
    """A number built by GB 11643; of 15 digits, it is completed to 18 as the standard says."""
    old = len(number) == 15 and kind == "resident"
    if old and number.isdigit():
        # Sequence numbers 996 to 999 were kept for people over a hundred.
        body = f"{number[:6]}{'18' if number[12:] >= '996' else '19'}{number[6:]}"
        number = body + check_digit(body)
    if len(number) != 18:
        raise Fault("id.length", found=len(number))
    try:
        weight = _weight_of_division(number[:6])
        born, weight_of_date = _date(number[6:14])
        weight += weight_of_date + _weight_of_sequence(number[14:17])
    except ValueError:
        raise Fault("id.characters") from None
    if _CHECK[weight % 11] != number[17]:
        if number[17] not in _CHECK:
            raise Fault("id.characters")
        raise Fault("id.digits_lost" if number.endswith("000") else "id.check_digit", value=number_masked(number))
    if born is None:
        raise Fault("id.date")
    if born > today:
        raise Fault("id.born_later")
    sex: Literal["male", "female"] = "male" if number[16] in "13579" else "female"
    return Document(kind, number, born, sex, _doubts(number, born, today, kind, old))


def _doubts(number: str, born: dt.date, today: dt.date, kind: DocumentKind, old: bool) -> tuple[Fault, ...]:
    doubts: list[Fault] = []
    if kind == "resident":
        last_year = _last_year(number[:6])
        if last_year == 0:
            doubts.append(Fault("id.division_unknown", warning=True))
        elif born.year > last_year:
            doubts.append(Fault("id.division_abolished", warning=True, year=last_year))
    if today.year - born.year <= WORKING_AGE:
        age = age_on(born, today)
        if age < WORKING_AGE:
            doubts.append(Fault("id.under_age", warning=True, age=age, least=WORKING_AGE))
    if number.endswith("000"):
        doubts.append(Fault("id.maybe_rounded", warning=True))
    if old:
        doubts.append(Fault("id.old_form", warning=True))
    return tuple(doubts)


def check_digit(number: str) -> str:
    """The check character of the first 17 digits (ISO 7064 MOD 11-2, as in GB 11643-1999)."""
    return _CHECK[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11]


def age_on(born: dt.date, today: dt.date) -> int:
    """Full years of age."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


# Thousands of numbers share few divisions, dates and sequences: their weights are kept.
@cache
def _weight_of_sequence(digits: str) -> int:
    return _weight(digits, 14)


@cache
def _weight_of_division(digits: str) -> int:
    return _weight(digits, 0)


@cache
def _date(digits: str) -> tuple[dt.date | None, int]:
    weight = _weight(digits, 6)
    try:
        born = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None, weight
    return (born if born.year >= 1850 else None), weight


def _weight(digits: str, start: int) -> int:
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(digits)
    return sum(_WEIGHTS[start + place] * int(digit) for place, digit in enumerate(digits))


@cache
def division_spans(code: str) -> tuple[tuple[str, int | None, int | None], ...]:
    """The names that a six-digit division code has had, each with its first and last year (None: open).

    Empty for a code that no division ever had. From python-stdnum's table of GB/T 2260.
    """
    spans: list[tuple[str, int | None, int | None]] = []
    found = numdb.get("cn/loc").info(code)
    if len(found) < 2 or "county" not in found[1][1]:
        return ()
    for county in str(found[1][1]["county"]).split(","):
        span = re.fullmatch(r"(?:\[(\d*)-(\d*)\])?(.*)", county)
        if span:
            spans.append((span[3], int(span[1]) if span[1] else None, int(span[2]) if span[2] else None))
    return tuple(spans)


@cache
def _last_year(code: str) -> int:
    """The last year in which a division had the code: 9999 while it has it, 0 when none ever had it."""
    return max((9999 if last is None else last for _name, _first, last in division_spans(code)), default=0)


_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def credit_code(value: object) -> str:
    """A unified social credit code (GB 32100-2015), normalised; `Fault` when its form or check character is wrong."""
    text = normalise_number(value)
    if len(text) != 18:
        raise Fault("uscc.length", found=len(text))
    if not set(text) <= set(_USCC_ALPHABET):
        raise Fault("uscc.characters")
    total = sum(weight * _USCC_ALPHABET.index(char) for weight, char in zip(_USCC_WEIGHTS, text, strict=False))
    if _USCC_ALPHABET[(31 - total % 31) % 31] != text[17]:
        raise Fault("uscc.check_digit")
    return text


_MOBILE = re.compile(r"1[3-9]\d{9}").fullmatch
_FIXED = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})(?:(?:-|转|EXT\.?|#)(\d{1,6}))?").fullmatch
_ABROAD = re.compile(r"\+\d{6,15}").fullmatch
_BETWEEN_NUMBERS = re.compile(r"[/,;、；|\n]|或")
_PUNCTUATION = re.compile(r"[\s().-]")


def phone(value: object) -> tuple[str, tuple[Fault, ...]]:
    """A telephone number, normalised, and what is doubtful about it.

    13800138000, 0591-28881234, 0591-28881234-8001, +85251234567.
    Raises `Fault` when it is none.
    """
    if isinstance(value, (int, float)):
        value = str(int(value)) if value == int(value) else str(value)
    text = str(value)
    if len(text) == 11 and _MOBILE(text):
        return text, ()
    pieces = [piece for piece in _BETWEEN_NUMBERS.split(text) if piece.strip()]
    if len(pieces) > 1:
        return _first_phone(text, pieces)
    return _phone(text), ()


def _first_phone(text: str, pieces: Sequence[str]) -> tuple[str, tuple[Fault, ...]]:
    numbers: list[str] = []
    for piece in pieces:
        try:
            numbers.append(_phone(piece))
        except Fault:
            continue
    if not numbers:
        return _phone(text), ()
    taken = next((number for number in numbers if _MOBILE(number)), numbers[0])
    return taken, (Fault("phone.several", warning=True, value=number_masked(taken)),)


def _phone(text: str) -> str:
    shown = number_masked(text.strip())
    folded = compact(text).upper().removesuffix(".0")
    if _ROUNDED(folded):
        raise Fault("id.digits_lost", value=masked(folded[-4:]))
    if re.search(r"\d[*X]{2,}", folded):
        raise Fault("phone.masked", value=shown)
    fixed = _FIXED(re.sub(r"^\(?(0\d{2,3})[)-]+", r"\1", folded))
    bare = _PUNCTUATION.sub("", folded)
    bare = re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$)|17951)", "", bare)
    if _MOBILE(bare):
        return bare
    fixed = fixed or _FIXED(bare) or (_FIXED(f"0{bare}") if folded.startswith(("+86", "0086")) else None)
    if fixed:
        return "-".join(part for part in fixed.groups() if part)
    if _ABROAD(bare):
        return bare
    if re.fullmatch(r"[2-8]\d{6,7}", bare):
        raise Fault("phone.area_missing", value=shown)
    if re.fullmatch(r"1[3-9]\d{5,12}", bare):
        raise Fault("phone.length", value=shown, found=len(bare))
    raise Fault("phone.unclear", value=shown)
