"""The only writes of sessions and one-time codes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from fugong.base import access, personal
from fugong.base.models import Counter, EntryCode, User, UserSession
from fugong.base.services import LEGIBLE, note_sign_in, renew_password

CODE_LASTS = 3 * 86_400
"""For how long a one-time code can be used, in seconds."""
WORKERS_SESSION = 30 * 86_400
"""For how long a worker stays signed in on the phone with which they entered, in seconds."""
_HALF = 5  # two halves of five characters: 49 bits, of which a guesser may try thirty in ten minutes
_PURPOSE = "entry code"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A one-time code for a worker, readable only here and now."""

    worker_id: UUID
    login_id: UUID
    code: str
    expires_at: int


def begin_session(request: HttpRequest, *, user: User, how: str, now: int) -> None:
    """Write down that somebody signed in: since when, from where, with which device, how."""
    if request.session.session_key is None:
        request.session.create()
    UserSession.objects.update_or_create(
        key=request.session.session_key,
        defaults={
            "user": user, "since": now, "how": how, "origin": request.META.get("REMOTE_ADDR", "")[:45],
            "device": request.META.get("HTTP_USER_AGENT", "")[:200],
        },
    )  # fmt: skip
    note_sign_in(login_id=user.pk, now=now)


def rename_session(*, before: str | None, after: str | None) -> None:
    """A session has got another key (after its password was changed)."""
    if before and after:
        UserSession.objects.filter(key=before).update(key=after)


def end_sessions(*, user: User, only: UUID | None = None, but: str | None = None) -> int:
    """End somebody's sessions at once: one of them, or all but that with a key. Returns how many there were."""
    mine = UserSession.objects.filter(user=user) if access.filtering() else UserSession.objects.all()
    if only is not None:
        mine = mine.filter(pk=only)
    if but is not None:
        mine = mine.exclude(key=but)
    keys = list(mine.values_list("key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(key__in=keys).delete()
    if keys:
        access.note("session.ended", number=str(len(keys)))
    return len(keys)


def forget_sessions(*, keys: Iterable[str]) -> None:
    """Forget sessions that have ended by themselves."""
    UserSession.objects.filter(key__in=list(keys)).delete()


def forget_what_has_ended() -> int:
    """Forget sessions that have expired and counters that count nothing any more; returns how many of both."""
    gone = UserSession.objects.exclude(key__in=Session.objects.values("session_key")).delete()[0]
    return int(gone + Counter.objects.filter(expires__lt=timezone.now()).delete()[0])


def rescue(*, login: User) -> str:
    """A new random password for somebody who has lost password and phone, and no second step; returns the password."""
    Authenticator.objects.filter(user=login.pk).delete()
    access.note("second_step.off", username=login.username)
    return renew_password(login_id=login.pk)


def _random_code() -> str:
    return "-".join("".join(secrets.choice(LEGIBLE) for _n in range(_HALF)) for _half in range(2))


def digest(code: str) -> bytes:
    """What is kept of a code, however it was typed: capitals, spaces and hyphens mean nothing."""
    return personal.digest(_PURPOSE, re.sub(r"[\s\-‐‑–—－_.]", "", code).lower())


@transaction.atomic
def hand_out(*, worker_ids: Iterable[UUID], actor: UUID, organisation: str, now: int) -> list[HandedOut]:
    """Give workers a new one-time code each; returns those of workers whose login isn't closed, in the order given.

    A worker without a login gets one. Codes of before end, and so do sessions: whoever holds the old phone is out.
    """
    wanted = list(dict.fromkeys(worker_ids))
    logins = _logins_of(wanted)
    ids = [login.pk for login in logins.values()]
    EntryCode.objects.filter(login__in=ids, used_at=None, cancelled_at=None).update(cancelled_at=now)
    User.objects.filter(pk__in=ids).update(sessions_ended=F("sessions_ended") + 1)
    made = [
        HandedOut(worker, logins[worker].pk, _random_code(), now + CODE_LASTS) for worker in wanted if worker in logins
    ]
    EntryCode.objects.bulk_create(
        EntryCode(
            login_id=one.login_id, worker_id=one.worker_id, digest=digest(one.code), handed_out_at=now,
            expires_at=one.expires_at, organisation=organisation, handed_out_by_id=actor,
        )
        for one in made
    )  # fmt: skip
    access.note("code.handed_out", number=str(len(made)))
    return made


def _logins_of(workers: list[UUID]) -> dict[UUID, User]:
    """The open logins of workers, made where there are none; locked, so that two who hand out at once take turns."""
    known = set(User.objects.filter(role_name="worker", scope_id__in=workers).values_list("scope_id", flat=True))
    User.objects.bulk_create(
        [_login_for(worker) for worker in workers if worker not in known], ignore_conflicts=True
    )  # whoever hands out to the same worker at this instant has made it
    found = User.objects.filter(role_name="worker", scope_id__in=workers, is_active=True).order_by("pk")
    return {login.scope_id: login for login in found.select_for_update(no_key=True) if login.scope_id}


def _login_for(worker: UUID) -> User:
    user = User(username=f"w-{secrets.randbelow(10**14):014}", role_name="worker", scope_id=worker)
    user.set_unusable_password()
    return user


def redeem(*, code: str, now: int) -> User | None:
    """Use a one-time code: whose it is, or None where it is wrong, used, replaced or expired, or the login closed.

    One statement changes the row under the row's own condition, without a join: PostgreSQL looks at that condition again
    when it has waited for somebody else's change, so that of two who press at once one is refused.
    """
    mine = EntryCode.objects.filter(digest=digest(code), used_at=None, cancelled_at=None, expires_at__gt=now)
    if not mine.update(used_at=now):
        return None
    return User.objects.filter(codes__digest=digest(code), is_active=True).first()
