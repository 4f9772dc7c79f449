"""Barcodes of tubes and what is printed of them."""

from __future__ import annotations

import re

import pytest

from fugong.sampling import barcodes, code128, labels
from fugong.sampling.errors import SamplingError


def test_every_symbol_is_eleven_modules_wide_and_the_check_is_the_standards() -> None:
    widths = code128._WIDTHS
    assert len(widths) == len(set(widths)) == 107
    assert [sum(map(int, one)) for one in widths] == [11] * 106 + [13]
    assert all(sum(map(int, one[::2])) % 2 == 0 for one in widths[:106])  # bars of every symbol come to an even number
    assert code128.symbols("Wikipedia")[-2] == 88  # the example that is worked through everywhere
    for text in ("", "条码"):
        with pytest.raises(ValueError):
            code128.symbols(text)


def test_bars_can_be_read_back() -> None:
    """From the picture's path to the text, by the table alone."""
    drawn = code128.svg("FG000000018")
    edges = [tuple(map(int, part.split(" 0h"))) for part in drawn.split('d="M')[1].split('"')[0].replace("z", "").split("M")
             for part in [part.split("v")[0]]]  # fmt: skip
    ends = [(start, start + width) for start, width in edges]
    runs = [n for here, following in zip(ends, [*ends[1:], (0, 0)], strict=True)
            for n in (here[1] - here[0], following[0] - here[1])][:-1]  # fmt: skip
    symbols = ["".join(map(str, runs[place : place + 6])) for place in range(0, len(runs) - 7, 6)]
    values = [code128._WIDTHS.index(one) for one in symbols]
    assert values[0] == 104
    assert "".join(chr(value + 32) for value in values[1:-1]) == "FG000000018"


@pytest.mark.django_db
def test_new_barcodes_are_never_the_same_and_tell_when_they_are_mistyped() -> None:
    made = barcodes.new(3) + barcodes.new(2)
    assert len(set(made)) == 5 and all(barcodes.read(f" {one.lower()} ") == one for one in made)
    one = made[0]
    for wrong in (one[:-1] + str((int(one[-1]) + 1) % 10), one[:5] + str((int(one[5]) + 1) % 10) + one[6:]):
        with pytest.raises(SamplingError):
            barcodes.read(wrong)
    assert barcodes.read("cl20200307-0013") == "CL20200307-0013"  # a laboratory's own roll


@pytest.mark.django_db
def test_labels_stand_forty_on_a_sheet() -> None:
    assert [len(re.findall(rb"/Type ?/Page\b", labels.pdf(number))) for number in (40, 41)] == [1, 2]
