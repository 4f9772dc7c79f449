"""Which seats people are given: apart from each other as long as that goes, from the front, never in the rows at the back."""

from __future__ import annotations

from collections.abc import Container, Iterator

Seat = tuple[int, int]
"""Row and seat in the row, both from 1."""


def in_order(last_row: int, columns: int, rated: int) -> Iterator[Seat]:
    """Every seat up to ``last_row`` in the order in which they are given: first every other one, like a chess board.

    A vehicle with fewer rated seats than ``rows × columns`` lacks the last ones.
    """
    every = [(row, column) for row in range(1, last_row + 1) for column in range(1, columns + 1)]
    there = [seat for seat in every if (seat[0] - 1) * columns + seat[1] <= rated]
    for colour in (0, 1):
        yield from (seat for seat in there if sum(seat) % 2 == colour)


def free(last_row: int, columns: int, rated: int, taken: Container[object]) -> Iterator[Seat]:
    """The seats that nobody has yet, in the same order."""
    return (seat for seat in in_order(last_row, columns, rated) if seat not in taken)
