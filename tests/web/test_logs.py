"""What is written about an error: where, and never with whose values."""

from __future__ import annotations

import logging
import sys

from fugong.base.logs import WithoutValues


def failing(number: str) -> None:
    raise ValueError(f"cannot take {number}")


def test_an_error_is_written_without_its_values():
    try:
        failing("350182198803070018")
    except ValueError:
        record = logging.LogRecord("fugong", logging.ERROR, __file__, 1, "A page failed", None, sys.exc_info())
    text = WithoutValues().format(record)
    assert "A page failed" in text
    assert "ValueError" in text
    assert "in failing" in text
    assert "350182198803070018" not in text
