"""Unified social credit codes and telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from fugong.base import identifiers
from fugong.base.faults import Fault

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_a_credit_code_of_fuzhou() -> None:
    assert identifiers.credit_code(" 91350100m000100y43") == "91350100M000100Y43"


@given(st.text(ALPHABET, min_size=9, max_size=9), st.sampled_from(ALPHABET))
def test_credit_codes_agree_with_an_independent_check(organisation: str, last: str) -> None:
    code = f"91350182{organisation}{last}"
    expected = uscc.calc_check_digit(code)
    if last == expected:
        assert identifiers.credit_code(code) == code
    else:
        with pytest.raises(Fault) as caught:
            identifiers.credit_code(code)
        assert caught.value.code == "uscc.check_digit"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("91350100M000100Y4", "uscc.length"),
        ("91350100I000100Y43", "uscc.characters"),
        ("91350100M000100Y44", "uscc.check_digit"),
        (9.13501e17, "id.digits_lost"),
        ("", "uscc.length"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(code: object, expected: str) -> None:
    with pytest.raises(Fault) as caught:
        identifiers.credit_code(code)
    assert caught.value.code == expected


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800138000", "13800138000"),
        (13800138000.0, "13800138000"),
        (13800138000, "13800138000"),
        ("13800138000.0", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("'13800138000", "13800138000"),
        ("0591-28881234", "0591-28881234"),
        ("059128881234", "0591-28881234"),
        ("（0591）28881234", "0591-28881234"),
        ("010-12345678", "010-12345678"),
        ("0591-28881234-8001", "0591-28881234-8001"),
        ("0591 28881234 转 8001", "0591-28881234-8001"),
        ("+86-591-28881234", "0591-28881234"),
        ("+852 5123 4567", "+85251234567"),
        ("28881234", None),
        ("1380013800", None),
        ("138001380001", None),
        ("138****8000", None),
        ("1.38001E+10", None),
        ("微信同号", None),
        (0.5, None),
    ],
)
def test_telephone_numbers(written: object, number: str | None) -> None:
    if number is None:
        with pytest.raises(Fault):
            identifiers.phone(written)
    else:
        assert identifiers.phone(written) == (number, ())


def test_of_several_numbers_the_mobile_one_is_taken_and_said() -> None:
    number, [warning] = identifiers.phone("0591-28881234、13800138000")
    assert (number, warning.code, warning.warning) == ("13800138000", "phone.several", True)
