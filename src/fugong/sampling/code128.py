"""Code 128 (ISO/IEC 15417) in code set B: what laboratories' scanners read. A picture of bars, nothing else."""

from __future__ import annotations

_START_B, _STOP, _MODULO = 104, 106, 103
_QUIET = 10
"""Modules of white on either side, as the standard asks."""
_TABLE = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 "
    "123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 "
    "131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 "
    "213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 "
    "141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 "
    "124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 "
    "411131 211412 211214 211232 2331112"
)
_WIDTHS = tuple(_TABLE.split())
"""The widths of bars and spaces of each symbol, by its value."""


def symbols(text: str) -> list[int]:
    """The values of the symbols: start, characters, check, stop. ValueError for a character that the set doesn't have."""
    values = [ord(one) - 32 for one in text]
    if not text or not all(0 <= one <= 94 for one in values):
        raise ValueError(text)
    check = (_START_B + sum(place * value for place, value in enumerate(values, start=1))) % _MODULO
    return [_START_B, *values, check, _STOP]


def svg(text: str) -> str:
    """The code as a picture one module high, to be drawn at any size."""
    bars, at = [], _QUIET
    for value in symbols(text):
        for place, width in enumerate(map(int, _WIDTHS[value])):
            if place % 2 == 0:
                bars.append(f"M{at} 0h{width}v1h-{width}z")
            at += width
    box = f'viewBox="0 0 {at + _QUIET} 1" preserveAspectRatio="none"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{"".join(bars)}" fill="#000"/></svg>'
