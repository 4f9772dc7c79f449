"""What an operator reads of errors: where something failed, never with whose values."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from copy import copy
from types import TracebackType
from typing import Any

_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

QUERIES = "django.db.backends"
"""What Django writes of each query, at DEBUG, holds the statement with every value in it."""


class WithoutValues(logging.Formatter):
    """Time, level and message; of an exception its kind and its places. Its own words may hold a person's data."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line; an exception among what the message tells is told by its kind, whatever others made of the record."""
        plain = copy(record)
        plain.exc_text, plain.stack_info = None, None
        plain.args = _by_kind(record.args)
        if record.name.startswith(QUERIES):
            plain.msg, plain.args = _query(record), None
        if isinstance(record.msg, BaseException):
            plain.msg = _kind(record.msg)
        return super().format(plain)

    def formatException(self, ei: _Error) -> str:  # noqa: N802 - logging's own name
        """The places from the outermost call to the failure, then the exception's kind without its message."""
        kind, error, _trace = ei
        if kind is None or error is None:
            return ""
        return places(error)


def places(error: BaseException) -> str:
    """Where an exception came up, from the outermost call on, and its kind; nothing of what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join([*(f'  File "{one.filename}", line {one.lineno}, in {one.name}' for one in frames), _kind(error)])


def _by_kind(args: Any) -> Any:
    if isinstance(args, Mapping):
        return {name: _kind(one) if isinstance(one, BaseException) else one for name, one in args.items()}
    if isinstance(args, tuple):
        return tuple(_kind(one) if isinstance(one, BaseException) else one for one in args)
    return args


def _query(record: logging.LogRecord) -> str:
    """Of a query how long it took, and by which login's connection; nothing of what was asked."""
    took, where = getattr(record, "duration", None), getattr(record, "alias", "")
    return f"a query took {took:.3f} s ({where})" if isinstance(took, float) else "something about the database"


def _kind(error: BaseException) -> str:
    return type(error).__qualname__


def quiet_hooks() -> None:
    """What no code of ours catches is written in the same way: in the main thread, in others, and while objects go away."""

    def write(error: BaseException | None) -> None:
        if error is not None and not isinstance(error, KeyboardInterrupt):
            sys.stderr.write(f"{places(error)}\n")

    sys.excepthook = lambda _kind, error, _trace: write(error)
    threading.excepthook = lambda given: write(given.exc_value)
    sys.unraisablehook = lambda given: write(given.exc_value)
