"""How commands say that the input is wrong."""

from __future__ import annotations

import errno

import click
from django.utils.translation import gettext_lazy as _

_WHY = {
    errno.ENOENT: _("there is no such file or folder"),
    errno.EACCES: _("you have no permission there"),
    errno.EPERM: _("you have no permission there"),
    errno.EROFS: _("nothing can be written there"),
    errno.EISDIR: _("it is a folder, not a file"),
    errno.ENOTDIR: _("it is a file, not a folder"),
    errno.EEXIST: _("it is a file, not a folder"),  # where a folder was to be made
    errno.ENOSPC: _("no space is left on the disk"),
    errno.EADDRINUSE: _("another program uses it"),
    errno.EADDRNOTAVAIL: _("this computer has no such address"),
}


class WrongInput(click.ClickException):
    """What is wrong, where, and what to do; exit code 2."""

    exit_code = 2


def why(error: OSError) -> str:
    """Why the system refused, in the user's language; a rare reason in the system's own words."""
    return str(_WHY.get(error.errno or 0) or error.strerror or type(error).__name__)
