"""Make the font of printed documents: ``python tools/font.py NotoSansCJK-Regular.ttc Unihan_OtherMappings.txt[.bz2]``.

A subset of Noto Sans CJK SC Regular (Debian: ``fonts-noto-cjk``) with every character of 《通用规范汉字表》 (2013; 8,105
characters, ``kTGH`` of the Unihan database: Debian's ``unicode-data``), every character of the blocks that names are
written with, and whatever our catalogues say. Beside it goes the list of what it covers, which the program asks before it prints:
Typst leaves a character without a glyph out, silently. Needs fonttools.
"""

from __future__ import annotations

import bz2
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "fugong" / "base" / "fonts"
FONT, COVERAGE = FOLDER / "FugongSansSC-Regular.otf", FOLDER / "coverage.txt"
FAMILY = "Fugong Sans SC"
SOURCE_NAME = "Noto Sans CJK SC"
LARGEST = 5 * 2**20
BLOCKS = [
    (0x20, 0x7E),  # Basic Latin
    (0xA0, 0x17F),  # Latin-1 Supplement, Latin Extended-A
    (0x1CD, 0x1DC),  # vowels with the tones of pinyin
    (0x2010, 0x203B),  # General Punctuation
    (0x2103, 0x2103),  # ℃
    (0x2150, 0x218B),  # numbers in other forms
    (0x2190, 0x2193),  # arrows
    (0x25A0, 0x25CF),  # geometric shapes
    (0x3000, 0x303F),  # CJK Symbols and Punctuation
    (0x4E00, 0x9FFF),  # CJK Unified Ideographs: all of GBK's, and those that were added for names
    (0xFF01, 0xFFE6),  # full-width forms
]


def listed(unihan: Path) -> set[int]:
    """The characters of 《通用规范汉字表》. Raises SystemExit when the file names another number of them."""
    text = (bz2.decompress(unihan.read_bytes()) if unihan.suffix == ".bz2" else unihan.read_bytes()).decode()
    found = {int(code, 16) for code in re.findall(r"^U\+([0-9A-F]+)\tkTGH\t", text, re.MULTILINE)}
    if len(found) != 8105:
        raise SystemExit(f"{unihan} names {len(found)} characters of the table; there are 8105.")
    return found


def spoken() -> set[int]:
    """Every character of our own texts: catalogues and the demo towns."""
    package = ROOT / "src" / "fugong"
    files = [path for ending in ("*.po", "*.yaml", "*.json") for path in package.rglob(ending)]
    return {ord(character) for path in files for character in path.read_text(encoding="utf-8") if ord(character) > 0x20}


def ranges(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours."""
    run: list[int] = []
    for code in sorted(codes):
        if run and code != run[-1] + 1:
            yield run[0], run[-1]
            run = []
        run = [run[0] if run else code, code]
    if run:
        yield run[0], run[-1]


def rename(font: TTFont) -> None:
    """A name of our own, so that a machine's full font is never taken for this one; the copyright stays."""
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 1, 2, 3, 4, 5, 6, 13, 14)]
    for record in names.names:
        if record.nameID in (1, 3, 4, 6):
            whole = FAMILY.replace(" ", "") + "-Regular" if record.nameID in (3, 6) else FAMILY
            names.setName(whole, record.nameID, record.platformID, record.platEncID, record.langID)
    top = font["CFF "].cff
    top.fontNames = [FAMILY.replace(" ", "") + "-Regular"]
    top.topDictIndex[0].FullName, top.topDictIndex[0].FamilyName = FAMILY, FAMILY


def main(source: Path, unihan: Path) -> int:
    font = next(one for one in TTCollection(source).fonts if one["name"].getDebugName(1) == SOURCE_NAME)
    there = font.getBestCmap().keys()
    wanted = listed(unihan) | spoken() | {code for first, last in BLOCKS for code in range(first, last + 1)}
    options = subset.Options(
        layout_features=[], hinting=False, desubroutinize=False, name_IDs=["*"], name_languages=["*"]
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS", "GDEF", "STAT", "DSIG"]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=wanted & there)
    maker.subset(font)
    rename(font)
    FOLDER.mkdir(parents=True, exist_ok=True)
    font.save(FONT)
    covered = TTFont(FONT).getBestCmap().keys()
    COVERAGE.write_text("".join(f"{first:04X}-{last:04X}\n" for first, last in ranges(covered)))
    missing = listed(unihan) - covered
    print(
        f"{FONT.name}: {FONT.stat().st_size:,} bytes, {len(covered):,} characters; of the table {len(missing)} are missing"
    )
    return 1 if missing or FONT.stat().st_size > LARGEST else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
