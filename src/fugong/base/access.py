"""Who may, and over whom: the guard before every page, and the scope of every transaction.

Two walls stand before every row. The first is here: scoped querysets (each app's ``scope`` functions) ask `filtering`
and narrow what they return. The second is PostgreSQL's row-level security (``base.walls``): it reads the settings that
`acting` gives to each transaction, and shows nothing to a transaction without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Concatenate, Literal, ParamSpec
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from psycopg.pq import TransactionStatus

from fugong.base import clock
from fugong.base.models import User
from fugong.base.roles import Right, ScopeKind

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts in a transaction: for the second wall and for the audit.

    ``scope`` is that of the actor's role, or one of three that no role has: ``system`` (the whole truth: commands of the
    operator, and what is `elevated`), ``sign_in`` (logins only) and ``none`` (nothing). ``purpose`` names the page,
    address or command; ``origin`` is where the request came from.
    """

    scope: ScopeKind | Literal["system", "sign_in", "none"]
    scope_id: UUID | None = None
    actor: UUID | None = None
    role: str = ""
    purpose: str = ""
    origin: str = ""


NOBODY = Acting("none")
_acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)


@dataclass(slots=True)
class Looks:
    """Whose personal data were shown in a transaction: their ids in order, and the reason that was given, if any.

    ``notes`` are events that neither show nor change anybody's data (`note`): what happened, and its details.
    """

    subjects: dict[UUID, None] = field(default_factory=dict)
    reason: str = ""
    notes: list[tuple[str, dict[str, str]]] = field(default_factory=list)


_looks: ContextVar[Looks | None] = ContextVar("looks", default=None)
_keepers: list[Callable[[Acting, Looks], None]] = []


def keep_looks(keeper: Callable[[Acting, Looks], None]) -> None:
    """Register who writes down, at the end of each transaction, whose personal data were shown and what was noted."""
    _keepers.append(keeper)


def looked_at(subjects: Iterable[UUID], reason: str = "") -> None:
    """Note that the actor is shown personal data of these workers: every read of a person's data says so here.

    One entry of the audit is written for the whole transaction. Outside `acting` nothing is kept (nothing can be read).
    """
    looks = _looks.get()
    if looks is not None:
        looks.subjects.update(dict.fromkeys(subjects))
        looks.reason = reason or looks.reason


def note(action: str, **details: str) -> None:
    """Note an event for the audit: a sign-in, a refused one, a code that was handed out. Outside `acting` nothing is kept.

    It is kept when the transaction is, so that what is refused with an ordinary answer is noted too.
    """
    looks = _looks.get()
    if looks is not None:
        looks.notes.append((action, details))


@contextmanager
def _keeping_looks() -> Iterator[None]:
    looks = Looks()
    token = _looks.set(looks)
    try:
        yield
        if not connection.needs_rollback:
            _keep(looks)
    finally:
        _looks.reset(token)


def _keep(looks: Looks) -> None:
    """Write down what was shown and noted."""
    if looks.subjects or looks.notes:
        for keeper in _keepers:
            keeper(current(), looks)


def as_user(user: User, *, purpose: str = "", origin: str = "") -> Acting:
    """Somebody signed in, under their role and scope."""
    return Acting(user.role.scope, user.scope_id, user.pk, user.role_name, purpose, origin)


def as_system(purpose: str, *, origin: str = "command line") -> Acting:
    """The operator's commands and the steward's tasks: no scope narrows them, and the audit says what they were for."""
    return Acting("system", role="system", purpose=purpose, origin=origin)


def as_sign_in(*, origin: str = "") -> Acting:
    """Somebody who is about to sign in: only logins can be read."""
    return Acting("sign_in", role="sign_in", purpose="sign-in", origin=origin)


def current() -> Acting:
    """Who acts now; nobody outside `acting`."""
    return _acting.get()


_SETTINGS: tuple[str, ...] = ("scope", "scope_id", "actor", "role", "purpose", "origin", "now")
_WIDENED: tuple[str, ...] = ("scope", "scope_id", "purpose")
"""The settings that differ while something is `elevated`."""


def _setting(names: Sequence[str]) -> str:
    return ", ".join(f"set_config('fugong.{name}', %s, true)" for name in names)


def _exchange(names: Sequence[str]) -> str:
    """SQL that gives new settings and returns what the old ones were, in one statement."""
    before = ", ".join(f"coalesce(current_setting('fugong.{name}', true), '') AS \"{name}\"" for name in names)
    return f"WITH before AS MATERIALIZED (SELECT {before}) SELECT before.*, {_setting(names)} FROM before"


_SET = {names: f"SELECT {_setting(names)}" for names in (_SETTINGS, _WIDENED)}
_NARROW = (
    "WITH before AS MATERIALIZED (SELECT coalesce(current_setting('fugong.few', true), '') AS few) "
    "SELECT few, set_config('fugong.few', %s, true) FROM before"
)
_EXCHANGE = {names: _exchange(names) for names in (_SETTINGS, _WIDENED)}


def _tell(who: Acting, database: BaseDatabaseWrapper | None = None) -> None:
    """Give the transaction its settings; they end with it."""
    with (database or connection).cursor() as cursor:
        cursor.execute(_SET[_SETTINGS], _given(who))


def telling(**given: str) -> str:
    """SQL that gives a transaction its settings, for a function of the database that itself finds out who acts.

    Each setting by its name is SQL of type text.
    """
    return ", ".join(f"set_config('fugong.{name}', {given[name]}, true)" for name in _SETTINGS)


def narrowing(people: str) -> str:
    """SQL that narrows the rest of a transaction to an array of people, as `narrowed` does it for a moment."""
    return f"set_config('fugong.few', ({people})::text, true)"


def _given(who: Acting, names: Sequence[str] = _SETTINGS) -> list[str]:
    given = (clock.now() if name == "now" else getattr(who, name) for name in names)
    return ["" if value is None else str(value) for value in given]


def tell_owner(who: Acting, database: BaseDatabaseWrapper) -> None:
    """Say in a transaction of the owner's connection, which no wall binds, who acts and what for: for the audit."""
    _tell(who, database)


@contextmanager
def acting(who: Acting, *, as_of_one_moment: bool = False) -> Iterator[None]:
    """One transaction under somebody's scope. Inside another one (a test's) that one's settings come back afterwards.

    With ``as_of_one_moment`` all its reads see the same (not inside another one, which has read already).
    """
    if connection.in_atomic_block:
        with transaction.atomic(), _instead(who), _keeping_looks():
            yield
        return
    token = _acting.set(who)
    try:
        with transaction.atomic():
            if as_of_one_moment:
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            _tell(who)
            with _keeping_looks():
                yield
    finally:
        _acting.reset(token)


def milestone() -> None:
    """Commit what was done so far, and go on in a new transaction of the same actor: what is stored stays, whatever follows.

    For what comes in many parts, each whole by itself. Inside another transaction (a test's) nothing is committed yet.
    """
    if len(connection.atomic_blocks) != 1:
        return
    looks = _looks.get()
    if looks is not None:
        _keep(looks)
        looks.subjects.clear()
        looks.notes.clear()
    connection.connection.commit()
    _tell(current())


def switch(who: Acting) -> None:
    """From here on the transaction is somebody's: a visitor's, once it is known who they are."""
    _acting.set(who)
    _tell(who)


@contextmanager
def elevated(why: str) -> Iterator[None]:
    """Within a transaction, the whole truth for a moment: for what must not depend on who asks.

    Clearance is evaluated over everything that is known of a worker, whoever states the next fact; identities are
    compared with everybody's. What is found so must not be shown to the actor beyond their scope. ``why`` is a constant
    that names the need; ``tests/walls`` holds the list of callers.
    """
    who = current()
    if who.scope == "system":
        yield
        return
    with _instead(replace(who, scope="system", scope_id=None, purpose=f"{who.purpose} · {why}"), _WIDENED):
        yield


@contextmanager
def narrowed(people: Iterable[UUID]) -> Iterator[None]:
    """Within a transaction, of the people in the scope only these for a moment, and never one more than the scope has.

    The second wall then looks up a few people instead of listing an enterprise of thousands with every statement.
    """
    few = f"{{{','.join(sorted(map(str, people)))}}}"
    with connection.cursor() as cursor:
        cursor.execute(_NARROW, [few])
        before = cursor.fetchone()[0]
    try:
        yield
    finally:
        if _goes_on():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('fugong.few', %s, true)", [before])


@contextmanager
def _instead(who: Acting, names: tuple[str, ...] = _SETTINGS) -> Iterator[None]:
    """Other settings until the end of the block. When the transaction has failed, its rollback brings the old ones back."""
    with connection.cursor() as cursor:
        cursor.execute(_EXCHANGE[names], _given(who, names))
        before = list(cursor.fetchone()[: len(names)])
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)
        if _goes_on():
            with connection.cursor() as cursor:
                cursor.execute(_SET[names], before)


def _goes_on() -> bool:
    """Whether the transaction hasn't failed; else its rollback brings back what was set before."""
    failed = connection.connection.info.transaction_status == TransactionStatus.INERROR
    return not failed and not connection.needs_rollback


def filtering() -> bool:
    """Whether the application narrows what it reads: always. A test says no, so that only the database stands in the way."""
    return True


def actor(request: HttpRequest) -> User:
    """The signed-in user of a request. Raises PermissionDenied for nobody."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def _ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead to the sign-in page and back: a part of a page that renews itself takes the whole page there, and what was sent
    from a page leads back to that page, since its own address may show nothing.
    """
    here = request.headers.get("HX-Current-URL")
    if here is None:
        sent_from = urlsplit(request.headers.get("Referer", ""))
        if request.method != "POST" or sent_from.netloc != request.get_host():
            return redirect_to_login(request.get_full_path())
        return redirect_to_login(f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path)
    parts = urlsplit(here)
    answer = redirect_to_login(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return HttpResponse(headers={"HX-Redirect": answer.url})


def requires(*rights: Right) -> Callable[[View[P]], View[P]]:
    """A page for those who have at least one of these rights; others are asked to sign in, or refused."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            if not any(actor(request).may(right) for right in rights):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def within_scope(user: User, enterprise_ids: set[object]) -> None:
    """What isn't yours looks as if it didn't exist: raises Http404 unless one of the enterprises is in scope."""
    if filtering() and user.role.scope != "town" and user.scope_id not in enterprise_ids:
        raise Http404


def needs(request: HttpRequest, *rights: Right) -> User:
    """The actor, who must have at least one of these rights. Raises PermissionDenied otherwise. For the API."""
    user = actor(request)
    if not any(user.may(right) for right in rights):
        raise PermissionDenied
    return user
