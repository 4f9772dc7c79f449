"""Adapters to solvers: a problem of ``fugong.core.planning`` in, an answer out. No Django, no database.

The solvers are the extra ``plans``; the app starts without it, and each adapter says what to install (`EnginesMissing`).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from fugong.core.text import CoreError


class EnginesMissing(CoreError):  # noqa: N818  (what is missing, said as such)
    """The solvers aren't installed."""

    def __init__(self) -> None:
        super().__init__(
            "没有安装排程引擎。请在服务器上执行 pip install 'fugong[plans]'（OR-Tools 与 PyVRP），然后重试；手工安排不受影响。",
            "The planning engines aren't installed. Run pip install 'fugong[plans]' on the server (OR-Tools and PyVRP), and try"
            " again; what is planned by hand needs none.",
        )


def solver(module: str) -> Any:
    """A solver's module, or `EnginesMissing`."""
    try:
        return import_module(module)
    except ImportError as problem:
        raise EnginesMissing from problem
