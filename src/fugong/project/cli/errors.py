"""How commands say that the input is wrong."""

from __future__ import annotations

import click


class WrongInput(click.ClickException):
    """What is wrong, where, and what to do; exit code 2."""

    exit_code = 2
