"""What commands of the operator say when something is refused: one sentence, exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import DatabaseError
from django.utils.translation import gettext as _

from fugong.project import keeping, serving
from fugong.project.archive import ArchiveError, RestoreError
from fugong.project.cli.errors import WrongInput, why


@contextmanager
def refusing(path: object) -> Iterator[None]:
    """Say what went wrong with a file or folder, or with the database. Raises WrongInput."""
    try:
        yield
    except serving.NoOwnerError:
        raise WrongInput(no_owner()) from None
    except keeping.WrongSettingError as error:
        raise WrongInput(_("%(name)s is no whole number above zero.") % {"name": error.args[0]}) from None
    except OSError as error:
        raise WrongInput(_("“%(path)s” cannot be used: %(reason)s.") % {"path": path, "reason": why(error)}) from None
    except ArchiveError as error:
        raise WrongInput(_archive(error) % {"path": path, "where": error.where}) from None
    except RestoreError as error:
        raise WrongInput(_restore(error) % error.values) from None
    except (DatabaseError, psycopg.Error) as error:  # its words may hold a person's data
        kind = type(error if isinstance(error, psycopg.Error) else error.__cause__ or error).__name__
        raise WrongInput(
            _("The database refuses (%(kind)s). Nothing was changed. Check the owner's login, and run “fugong check”.")
            % {"kind": kind}
        ) from None


def no_owner() -> str:
    """What to say where only the login that serves is known."""
    return _(
        "DATABASE_URL names the login that serves; it cannot change tables. Name the owner's in FUGONG_OWNER_URL too."
    )


def _archive(error: ArchiveError) -> str:
    return {
        "no_backup": _("“%(path)s” is no backup of Fugong. Name a file that “fugong backup” made."),
        "newer": _("“%(path)s” was made by a newer version of Fugong. Install that one first."),
        "damaged": _("“%(path)s” is damaged (%(where)s). Nothing was changed: use another backup."),
    }[error.code]


def _restore(error: RestoreError) -> str:
    return {
        "key": _(
            "The present master key is not the one of this backup: what is encrypted could not be read. Nothing was changed. "
            "Bring back the right key from its own backup, then try again."
        ),
        "newer": _(
            "The backup was made by Fugong %(version)s, whose tables this version does not know. Install that version or a "
            "newer one first."
        ),
        "not_empty": _(
            "The database %(database)s is not empty. A backup is brought back into an empty one only: name a new one."
        ),
        "rows": _(
            "The table %(table)s does not have as many rows as the backup. Nothing was changed: use another backup."
        ),
    }[error.code]
