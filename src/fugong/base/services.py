"""The only writes of logins: who may sign in, under which role, over what."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from fugong.base import access
from fugong.base.faults import Fault, declare
from fugong.base.models import User
from fugong.base.roles import ROLES, WITHOUT_ID

ADMINISTRATOR = "town_administrator"
SHORTEST, LONGEST = 3, 40
_USERNAME = re.compile(rf"[A-Za-z0-9._\-\u3400-\u9fff\U00020000-\U0003ffff]{{{SHORTEST},{LONGEST}}}")
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nobody mistakes one of them for another on paper
_GROUPS, _GROUP = 3, 4  # 59 bits


class LoginError(Fault):
    """A login that is refused; ``field`` names the input."""


declare(
    {
        "login.username": _(
            "A user name has 3 to 40 characters: Chinese characters, Latin letters, digits, full stop, _ and -."
        ),
        "login.username_taken": _("This user name is already taken. Choose another one."),
        "login.role": _("There is no such role."),
        "login.scope": _("This role needs to know for which enterprise or worker."),
        "login.password": _("This password will not do: %(why)s"),
        "login.worker_has_one": _("This worker already has a login. Renew its password, or open it again."),
        "login.own": _("Nobody can close their own login. Ask another administrator."),
        "login.last_administrator": _(
            "This is the last town administrator who can sign in. Give somebody else a login as one first."
        ),
    }
)


def random_password() -> str:
    """A password that can be read from paper: three groups of four characters, 59 bits."""
    return "-".join("".join(secrets.choice(LEGIBLE) for _n in range(_GROUP)) for _g in range(_GROUPS))


def add_login(
    *, username: str, role: str, scope_id: UUID | None, password: str | None = None, by: UUID | None = None,
    now: int | None = None,
) -> str:  # fmt: skip
    """Give somebody a login; returns its password (a random one when none is given), which is stored nowhere readable.

    ``scope_id`` is the enterprise or worker that the role is about, None for roles of the town. ``by`` gives it, at
    ``now``; None is whoever has the command line. Raises LoginError.
    """
    name = unicodedata.normalize("NFKC", username.strip())
    if not _USERNAME.fullmatch(name):
        raise LoginError("login.username", field="username")
    if role not in ROLES:
        raise LoginError("login.role", field="role")
    if (ROLES[role].scope in WITHOUT_ID) != (scope_id is None):
        raise LoginError("login.scope", field="role")
    if password is not None:
        _check(password, name)
    chosen = password or random_password()
    try:
        with transaction.atomic():
            User.objects.create_user(
                username=name, password=chosen, role_name=role, scope_id=scope_id,
                password_to_change=password is None and _types(role), **_handed({}, by, now),
            )  # fmt: skip
    except IntegrityError as error:
        if "worker_has_one_login" in str(error):
            raise LoginError("login.worker_has_one", field="worker") from None
        raise LoginError("login.username_taken", field="username") from None
    access.note("login.given", username=name, role=role)
    return chosen


def _handed(before: dict[str, int], by: UUID | None, now: int | None) -> dict[str, Any]:
    """Who has handed over this login's password, with this time; the command line's new one is known to none of them."""
    return {"given_by": {**before, str(by): now} if by else {}, "given_at": now if by else None}


def _types(role: str) -> bool:
    """Whether somebody types the password, and should have one that nobody else has seen: not at a device."""
    return role != "door_device"


def _check(password: str, username: str) -> None:
    try:
        validate_password(password, User(username=username))
    except ValidationError as error:
        raise LoginError("login.password", field="password", why=" ".join(error.messages)) from None


@transaction.atomic
def renew_password(*, login_id: UUID, by: UUID | None = None, now: int | None = None) -> str:
    """Replace a login's password by a random one, which is returned and must be changed at the next sign-in.

    Whoever was signed in with the old one is signed out. ``by`` renews it, at ``now``; None is whoever has the command line.
    """
    login = User.objects.select_for_update(no_key=True).get(pk=login_id)
    chosen = _renewed(login, by, now)
    access.note("login.renewed", username=login.username, role=login.role_name)
    return chosen


def _renewed(login: User, by: UUID | None, now: int | None) -> str:
    chosen = random_password()
    User.objects.filter(pk=login.pk).update(
        password=make_password(chosen), password_to_change=_types(login.role_name), **_handed(login.given_by, by, now)
    )
    return chosen


def password_changed(*, login_id: UUID) -> None:
    """Somebody has chosen a password that only they know."""
    User.objects.filter(pk=login_id).update(password_to_change=False)


@transaction.atomic
def close_login(*, login_id: UUID, actor: UUID) -> None:
    """Nobody can sign in with this login any more, and its sessions end for good. Raises LoginError.

    Refused for the actor's own login, and for the last town administrator's: their rows are locked, so that two
    administrators who close each other at once can't both succeed.
    """
    if login_id == actor:
        raise LoginError("login.own")
    administrators = User.objects.filter(role_name=ADMINISTRATOR, is_active=True).order_by("pk")
    if list(administrators.select_for_update(no_key=True).values_list("pk", flat=True)) == [login_id]:
        raise LoginError("login.last_administrator")
    User.objects.filter(pk=login_id).update(is_active=False, sessions_ended=F("sessions_ended") + 1)
    closed = User.objects.get(pk=login_id)
    access.note("login.closed", username=closed.username, role=closed.role_name)


@transaction.atomic
def open_login(*, login_id: UUID, by: UUID | None = None, now: int | None = None) -> str | None:
    """The login can be used again, with a new random password, which is returned; sessions of before stay ended.

    None for a worker's, who enters by a one-time code. ``by`` and ``now`` as in `renew_password`.
    """
    login = User.objects.select_for_update(no_key=True).get(pk=login_id)
    User.objects.filter(pk=login_id).update(is_active=True)
    access.note("login.opened", username=login.username, role=login.role_name)
    return None if login.role_name == "worker" else _renewed(login, by, now)


def note_sign_in(*, login_id: UUID, now: int) -> None:
    """Remember when somebody signed in last."""
    User.objects.filter(pk=login_id).update(signed_in_at=now)
