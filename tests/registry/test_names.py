"""The initials by which a worker is found at a door."""

from __future__ import annotations

import pytest

from fugong.registry.names import LONGEST, initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("王小明", "wxm"),
        ("单雄信", "sxx"),
        ("仇英", "qy"),
        ("解缙", "xj"),
        ("曾国藩", "zgf"),
        ("查良镛", "zly"),
        ("区寄", "oj"),
        ("覃小兰", "qxl"),
        ("乐毅", "yy"),
        ("尉迟恭", "ycg"),
        ("万俟卨", "mqx"),
        ("欧阳修", "oyx"),
        ("令狐冲", "lhc"),
        ("李解", "lj"),  # the same character, not as a surname
        ("王单", "wd"),
        ("买买提·吐尔逊", "mmttex"),
        ("Anna Smith", "as"),
        ("René O’Neil", "ron"),
        ("ＬＩ　Ming", "lm"),
        ("㛃芳", "jf"),
        ("", ""),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_a_very_long_name_keeps_what_the_file_holds() -> None:
    assert initials("王" * 200) == "w" * LONGEST
