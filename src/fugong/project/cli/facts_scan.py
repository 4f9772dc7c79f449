"""Compiled reading of the usual lines of a facts file, and a compiled table of names.

The scanner takes a line only when it can be sure of it: an object of ``subject``, ``kind`` and ``at`` or ``from`` and
``to``, strings without escapes, whole seconds. It hands every other line, right or wrong, to ``facts_file``, which
reads it with the standard library and says what is wrong. So there is one judge of what is right.
"""

# ruff: noqa: PLR0911, PLR0912 - compiled code takes arrays one by one, and leaves as soon as it is unsure

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray

from fugong.core.time import PLUS_INF
from fugong.core.time.kernels import compiled

Array = NDArray[np.int64]
Bytes = NDArray[np.uint8]

# why the scanner stopped: the block is read, the output is full, a table needs room, or a line is for the slow reader
READ, FULL, ROOM, SLOW = range(4)
_QUOTE, _BACKSLASH, _NEWLINE, _COMMA, _COLON, _OPEN, _CLOSE, _MINUS = (ord(c) for c in '"\\\n,:{}-')
_SPACE, _ZERO, _NINE = ord(" "), ord("0"), ord("9")
_LIMIT = int(PLUS_INF)
_TABLE = "int64[::1],uint8[::1],int64[::1],int64[::1],int32[::1]"


class Names:
    """Byte strings, numbered in the order of their first appearance.

    ``state`` holds how many there are, how many bytes they take, and a seed, new for each table, so that nobody can
    prepare names that collide.
    """

    def __init__(self) -> None:
        self.state: Array = np.array([0, 0, secrets.randbits(62)], np.int64)
        self.bytes: Bytes = np.empty(1 << 16, np.uint8)
        self.ends: Array = np.zeros(1 << 10, np.int64)  # where the bytes of name i end
        self.hashes: Array = np.zeros(1 << 10, np.int64)
        self.slots: NDArray[np.int32] = np.full(1 << 11, -1, np.int32)

    def __len__(self) -> int:
        return int(self.state[0])

    def __getitem__(self, i: int) -> bytes:
        return self.bytes[self.ends[i - 1] if i else 0 : self.ends[i]].tobytes()

    @property
    def table(self) -> tuple[Array, Bytes, Array, Array, NDArray[np.int32]]:
        """What the compiled functions take."""
        return self.state, self.bytes, self.ends, self.hashes, self.slots

    def number(self, name: bytes) -> int:
        """The name's number; a new name gets the next one."""
        self.make_room(len(name))
        raw = np.frombuffer(name, np.uint8)
        return int(intern(*self.table, raw.copy(), 0, len(raw)))

    def make_room(self, more: int = 0) -> None:
        """Room for at least one more name of ``more`` bytes. The arrays grow where they lie, not by copying."""
        count, used = int(self.state[0]), int(self.state[1])
        if used + max(more, 1 << 14) > len(self.bytes):
            self.bytes.resize(used + used // 2 + max(more, 1 << 16), refcheck=False)
        if count + 1 >= len(self.ends):
            self.ends.resize(count + count // 2 + 2, refcheck=False)
            self.hashes.resize(len(self.ends), refcheck=False)
        if 3 * (count + 1) >= 2 * len(self.slots):
            size = 2 * len(self.slots)
            self.slots = np.empty(0, np.int32)
            self.slots = np.full(size, -1, np.int32)
            rehash(self.hashes, count, self.slots)


@compiled("void(int64[::1],int64,int32[::1])")
def rehash(hashes: Array, count: int, slots: NDArray[np.int32]) -> None:
    """Enter the first ``count`` names into empty slots."""
    mask = len(slots) - 1
    for i in range(count):
        at = hashes[i] & mask
        while slots[at] >= 0:
            at = (at + 1) & mask
        slots[at] = i


@compiled(f"int64({_TABLE},uint8[::1],int64,int64)")
def intern(
    state: Array,
    kept: Bytes,
    ends: Array,
    hashes: Array,
    slots: NDArray[np.int32],
    block: Bytes,
    start: int,
    end: int,
) -> int:
    """The number of the name ``block[start:end]``, or -1 when the table needs room for it."""
    value = np.uint64(state[2])
    for i in range(start, end):
        value = (value ^ np.uint64(block[i])) * np.uint64(0x100000001B3)
    value ^= value >> np.uint64(29)
    key = np.int64(value & np.uint64(0x7FFFFFFFFFFFFFFF))
    mask = len(slots) - 1
    at = key & mask
    while slots[at] >= 0:
        number = int(slots[at])
        if hashes[number] == key:
            first = ends[number - 1] if number > 0 else 0
            if ends[number] - first == end - start:
                same = True
                for i in range(end - start):
                    if kept[first + i] != block[start + i]:
                        same = False
                        break
                if same:
                    return number
        at = (at + 1) & mask
    count, used = state[0], state[1]
    if used + end - start > len(kept) or count + 1 >= len(ends) or 3 * (count + 1) >= 2 * len(slots):
        return -1
    for i in range(start, end):
        kept[used + i - start] = block[i]
    hashes[count] = key
    ends[count] = used + end - start
    slots[at] = count
    state[0] = count + 1
    state[1] = ends[count]
    return int(count)


@compiled("int64(uint8[::1],int64)")
def _blank(block: Bytes, at: int) -> int:
    """The first place from ``at`` on that is no space, tab or carriage return."""
    while block[at] == 32 or block[at] == 9 or block[at] == 13:
        at += 1
    return at


@compiled("int64(uint8[::1],int64)")
def _string_end(block: Bytes, at: int) -> int:
    """Where the string that begins at ``at`` has its closing quote; -1 when it isn't plain."""
    while block[at] != _QUOTE:
        if block[at] < _SPACE or block[at] == _BACKSLASH:
            return -1
        at += 1
    return int(at)


@compiled("int64(uint8[::1],int64,int64)")
def _key(block: Bytes, start: int, end: int) -> int:
    """subject 0, kind 1, at 2, from 3, to 4; -1 for any other."""
    size = end - start
    first = block[start]
    if size == 7 and first == 115 and block[start + 1] == 117 and block[start + 2] == 98:
        return (
            0
            if block[start + 3] == 106
            and block[start + 4] == 101
            and block[start + 5] == 99
            and (block[start + 6] == 116)
            else -1
        )
    if size == 4 and first == 107:
        return 1 if block[start + 1] == 105 and block[start + 2] == 110 and block[start + 3] == 100 else -1
    if size == 2 and first == 97:
        return 2 if block[start + 1] == 116 else -1
    if size == 4 and first == 102:
        return 3 if block[start + 1] == 114 and block[start + 2] == 111 and block[start + 3] == 109 else -1
    if size == 2 and first == 116:
        return 4 if block[start + 1] == 111 else -1
    return -1


@compiled("int64(uint8[::1],int64,int64[::1])")
def _line(block: Bytes, at: int, found: Array) -> int:
    """Read one line into ``found`` (name's start and end, kind's start and end, start, end); where it ends, or -1."""
    at = _blank(block, at)
    if block[at] != _OPEN:
        return -1
    at += 1
    seen = 0
    while True:
        at = _blank(block, at)
        if block[at] != _QUOTE:
            return -1
        end = _string_end(block, at + 1)
        if end <= at + 1:
            return -1
        key = _key(block, at + 1, end)
        if key < 0 or seen & (1 << key):
            return -1
        seen |= 1 << key
        at = _blank(block, end + 1)
        if block[at] != _COLON:
            return -1
        at = _blank(block, at + 1)
        if key < 2:
            if block[at] != _QUOTE:
                return -1
            end = _string_end(block, at + 1)
            if end <= at + 1:
                return -1
            found[2 * key] = at + 1
            found[2 * key + 1] = end
            at = end + 1
        else:
            negative = block[at] == _MINUS
            at += negative
            digits = at
            value = 0
            while _ZERO <= block[at] <= _NINE and at - digits < 12:
                value = value * 10 + (block[at] - _ZERO)
                at += 1
            if at == digits or (block[digits] == _ZERO and at > digits + 1):
                return -1
            value = -value if negative else value
            if not -_LIMIT < value < _LIMIT:
                return -1
            if key != 4:
                found[4] = value
            if key != 3:
                found[5] = value + (key == 2)
        at = _blank(block, at)
        if block[at] == _COMMA:
            at += 1
        elif block[at] == _CLOSE:
            break
        else:
            return -1
    at = _blank(block, at + 1)
    if block[at] != _NEWLINE or seen not in {7, 27} or found[4] >= found[5]:
        return -1
    return int(at)


@compiled(f"UniTuple(int64,3)(uint8[::1],int64,int64,{_TABLE},{_TABLE},int64[:,::1])")
def scan(
    block: Bytes,
    at: int,
    stop: int,
    s0: Array,
    s1: Bytes,
    s2: Array,
    s3: Array,
    s4: NDArray[np.int32],
    k0: Array,
    k1: Bytes,
    k2: Array,
    k3: Array,
    k4: NDArray[np.int32],
    out: Array,
) -> tuple[int, int, int]:
    """Read lines of ``block[at:stop]``, which ends with a line end, into the rows (subject, kind, start, end) of ``out``.

    ``s0..s4`` and ``k0..k4`` are the tables of subjects and of kinds. Returns why it stopped, where, and how many
    rows it wrote.
    """
    found = np.zeros(6, np.int64)
    size = 0
    while at < stop:
        if size == len(out):
            return FULL, at, size
        end = _line(block, at, found)
        if end < 0:
            return SLOW, at, size
        kind = intern(k0, k1, k2, k3, k4, block, found[2], found[3])
        subject = intern(s0, s1, s2, s3, s4, block, found[0], found[1]) if kind >= 0 else -1
        if subject < 0:
            return ROOM, at, size
        out[size, 0] = subject
        out[size, 1] = kind
        out[size, 2] = found[4]
        out[size, 3] = found[5]
        size += 1
        at = end + 1
    return READ, at, size
