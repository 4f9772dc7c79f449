"""Identity documents: what is an error, what is only doubtful, and what must pass although libraries refuse it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from fugong.base import identifiers
from fugong.base.faults import Fault

TODAY = dt.date(2020, 3, 9)


def identify(number: str, kind: identifiers.DocumentKind | None = None) -> identifiers.Document:
    return identifiers.identify(identifiers.normalise_number(number), today=TODAY, kind=kind)


def code_of(number: object, kind: identifiers.DocumentKind | None = None) -> str:
    with pytest.raises(Fault) as caught:
        identifiers.identify(identifiers.normalise_number(number), today=TODAY, kind=kind)
    return caught.value.code


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        # The county's code is younger than the person: numbers were first given out in 1984, at the place of the time.
        ("350126197001010018", dt.date(1970, 1, 1), "male"),
        ("350182198502140027", dt.date(1985, 2, 14), "female"),
        ("420106197006101173", dt.date(1970, 6, 10), "male"),
        ("35011219991230128X", dt.date(1999, 12, 30), "female"),
    ],
)
def test_real_numbers_that_a_strict_library_refuses_pass_without_a_doubt(number: str, born: dt.date, sex: str) -> None:
    document = identify(number)
    assert (document.kind, document.number, document.born, document.sex) == ("resident", number, born, sex)
    assert document.warnings == ()
    assert not ric.is_valid(number)


@given(
    st.sampled_from(("350126", "420106", "110101", "659001", "360281")),
    st.dates(dt.date(1920, 1, 1), TODAY),
    st.integers(0, 999),
)
def test_the_check_digit_agrees_with_an_independent_one_and_no_other_passes(
    division: str, born: dt.date, sequence: int
) -> None:
    body = f"{division}{born:%Y%m%d}{sequence:03}"
    right = ric.calc_check_digit(body + "0")
    assert identifiers.check_digit(body) == right
    assert identify(body + right).born == born
    for wrong in set("0123456789X") - {right}:
        assert code_of(body + wrong) in {"id.check_digit", "id.digits_lost"}


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, shift: int) -> None:
    number = "420106197006101173"
    digit = str((int(number[place]) + shift) % 10)
    assert code_of(number[:place] + digit + number[place + 1 :]) == "id.check_digit"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("350112199002300018", "id.date"),
        ("350112202101010010", "id.born_later"),
        ("35012619700101001", "id.length"),
        ("3501261970010100188", "id.length"),
        ("35O126197001010018", "id.characters"),
        ("35012619700101001A", "id.characters"),
        ("350126197001010019", "id.check_digit"),
        ("3501**********0018", "id.masked"),
        ("3.50126E+17", "id.digits_lost"),
        ("3.5012619700101E17", "id.digits_lost"),
        (3.50126197001010e17, "id.digits_lost"),
        (350126197001010018, "id.digits_lost"),
        ("350126197001010000", "id.digits_lost"),
        ("12345678", "id.kind_unclear"),
        ("张三", "id.kind_unclear"),
    ],
)
def test_what_is_wrong_has_its_own_code(number: object, code: str) -> None:
    assert code_of(number) == code


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("359999198001010012", ["id.division_unknown"]),
        ("350126199601010010", ["id.division_abolished"]),
        ("350182200404010034", ["id.under_age"]),
        ("350112199001037000", ["id.maybe_rounded"]),
        ("350182680305012", ["id.old_form"]),
    ],
)
def test_what_is_doubtful_is_a_warning(number: str, codes: list[str]) -> None:
    warnings = identify(number).warnings
    assert [warning.code for warning in warnings] == codes
    assert all(warning.warning for warning in warnings)


def test_sixteen_is_old_enough_on_the_birthday() -> None:
    body = "35018220040309001"
    number = body + identifiers.check_digit(body)
    assert identifiers.identify(number, today=dt.date(2020, 3, 9)).warnings == ()
    [warning] = identifiers.identify(number, today=dt.date(2020, 3, 8)).warnings
    assert (warning.code, warning.params["age"]) == ("id.under_age", 15)


def test_a_number_of_fifteen_digits_is_the_same_person_as_the_one_of_eighteen() -> None:
    assert identify("350182680305012").number == identify("350182196803050122").number
    # 996 to 999 were kept for people who were born before 1900.
    assert identify("350182680305996").born == dt.date(1868, 3, 5)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("810000199001020030", "residence_permit"),
        ("830000199001020245", "residence_permit"),
        ("911840198001050015", "foreign_permanent"),
        ("USA110080010101", "foreign_permanent"),
        ("H12345678", "hk_macao_permit"),
        ("m1234567801", "hk_macao_permit"),
        ("E12345678", "passport"),
        ("EA1234567", "passport"),
        ("Ｇ12345678", "passport"),
    ],
)
def test_the_form_tells_the_kind(number: str, kind: str) -> None:
    document = identify(number)
    assert document.kind == kind
    assert identify(number, document.kind) == document


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        ("350126197001010018", "passport", "id.kind_differs"),
        ("350126197001010018", "residence_permit", "id.kind_differs"),
        ("810000199001020030", "resident", "id.kind_differs"),
        ("H1234", "hk_macao_permit", "id.form"),
        ("1234567", "taiwan_permit", "id.form"),
        ("护照", "passport", "id.form"),
        ("USA1100800101", "foreign_permanent", "id.form"),
        ("911840198001050016", "foreign_permanent", "id.check_digit"),
        ("E12345678", "resident", "id.length"),
    ],
)
def test_a_number_that_is_not_of_the_kind_is_refused(number: str, kind: identifiers.DocumentKind, code: str) -> None:
    assert code_of(number, kind) == code


def test_numbers_are_normalised() -> None:
    for written in ("35011219991230128x", " 350112 19991230 128Ｘ ", "'35011219991230128X", "350112-19991230-128×"):
        assert identifiers.normalise_number(written) == "35011219991230128X"
    assert identifiers.normalise_number(350126850101123.0) == "350126850101123"


def test_divisions_have_their_years() -> None:
    assert identifiers.division_spans("350182") == (("长乐市", 1994, 2017),)
    assert identifiers.division_spans("350112") == (("长乐区", 2017, None),)
    assert identifiers.division_spans("359999") == ()


@given(st.one_of(st.text(max_size=25), st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_anything_else_is_a_fault_and_never_another_exception(value: object) -> None:
    for kind in (None, *identifiers.DOCUMENT_KINDS):
        assert _number_or_sentence(value, kind)


def _number_or_sentence(value: object, kind: identifiers.DocumentKind | None) -> str:
    try:
        return identifiers.identify(identifiers.normalise_number(value), today=TODAY, kind=kind).number
    except Fault as fault:
        return fault.message
