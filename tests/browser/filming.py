"""What a camera sees, as Chromium's fake capture device plays it: a film (Y4M, uncompressed) of a code held before it."""

from __future__ import annotations

from pathlib import Path

from fugong.doors.passes import codes
from fugong.sampling import code128

WIDTH, HEIGHT = 640, 480
WHITE, GREY, BLACK = 235, 120, 16


def film(path: Path, *texts: str, frames: int = 30, nothing: int = 10, bars: bool = False) -> Path:
    """A film at ten frames a second that shows each text's code for ``frames``, after ``nothing`` of a grey wall; it is repeated.

    The code is a QR code, with ``bars`` a tube's Code 128.
    """
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for text in texts:
            for picture in [_wall()] * nothing + [_striped(text) if bars else _held(text)] * frames:
                file.write(b"FRAME\n" + picture)
    return path


def _wall() -> bytes:
    return bytes([GREY]) * (WIDTH * HEIGHT) + bytes([128]) * (WIDTH * HEIGHT // 2)


def _held(text: str) -> bytes:
    """The code in the middle of the wall, as large as fits, with the white around it that the standard asks for."""
    rows = [[bool(module) for module in row] for row in codes.code(text).matrix_iter(border=codes.QUIET)]
    scale = (HEIGHT - 40) // len(rows)
    left, top = (WIDTH - scale * len(rows)) // 2, (HEIGHT - scale * len(rows)) // 2
    luma = bytearray([GREY]) * (WIDTH * HEIGHT)
    for y, row in enumerate(rows):
        line = b"".join(bytes([BLACK if module else WHITE]) * scale for module in row)
        for inner in range(scale):
            start = (top + y * scale + inner) * WIDTH + left
            luma[start : start + len(line)] = line
    return bytes(luma) + bytes([128]) * (WIDTH * HEIGHT // 2)


def _striped(text: str) -> bytes:
    """The bars of a label across the middle of the wall, with white on either side."""
    modules = [False] * 10
    for value in code128.symbols(text):
        for place, width in enumerate(map(int, code128._WIDTHS[value])):
            modules += [place % 2 == 0] * width
    modules += [False] * 10
    scale = WIDTH // len(modules)
    line = b"".join(bytes([BLACK if one else WHITE]) * scale for one in modules)
    left = (WIDTH - len(line)) // 2
    luma = bytearray([GREY]) * (WIDTH * HEIGHT)
    for y in range(HEIGHT // 4, HEIGHT * 3 // 4):
        luma[y * WIDTH + left : y * WIDTH + left + len(line)] = line
    return bytes(luma) + bytes([128]) * (WIDTH * HEIGHT // 2)
