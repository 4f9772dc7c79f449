"""Commands act as the system: one transaction, and the audit says which command and whose login on the machine it was."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")


def origin() -> str:
    """Where a command comes from: this machine's command line, under which login."""
    try:
        return f"command line ({getpass.getuser()})"
    except (KeyError, OSError):  # a container's user may have no name
        return "command line"


def as_operator(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command in one transaction of the system's; what ends it with an exit code is kept, what fails is not."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from fugong.base import access

        context = click.get_current_context()
        ended: click.exceptions.Exit | None = None
        result: R
        with access.acting(access.as_system(context.command_path, origin=origin())):
            try:
                result = command(*args, **kwargs)
            except click.exceptions.Exit as exit_:
                ended = exit_
        if ended is not None:
            raise ended
        return result

    return run
