"""What an operator reads of errors: where something failed, never with whose values."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutValues(logging.Formatter):
    """Time, level and message; of an exception its kind and its places. Its own words may hold a person's data."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: _Error) -> str:  # noqa: N802 - logging's own name
        """The places from the outermost call to the failure, then the exception's kind without its message."""
        kind, error, _trace = ei
        if kind is None or error is None:
            return ""
        frames = traceback.extract_tb(error.__traceback__)
        places = [f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in frames]
        return "\n".join([*places, kind.__qualname__])
