"""Acts that wait for a second person: kept whole, shown with what they would do, and done when somebody else agrees.

`Guarding` stands behind ``ledger.acts.perform``: it does an act under the gate and, where one person alone may not do it,
rolls everything back and keeps it. Agreeing does it again, by then, in the proposer's name.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fugong.base import access, local, personal
from fugong.base.background import Progress, silent
from fugong.base.faults import Fault, declare
from fugong.base.models import User
from fugong.clearance import deputies, gate, reviews
from fugong.clearance.models import Review, WaitingAct
from fugong.ledger.acts import ACTS, Act, Call, Done, Waits
from fugong.ledger.services import Stating

HOUR, DAY = 3_600, 86_400


class ActError(Fault):
    """An act that cannot be decided in this way."""


declare(
    {
        "act.not_waiting": _("This act does not wait any more: somebody has decided it, or it was withdrawn."),
        "act.own": _("Nobody agrees to what they proposed themselves. Somebody else has to look at it."),
        "act.same_hands": _(
            "The password of this login was handed over by whoever proposed this, or the other way round. Somebody else has"
            " to decide, or this login from %(moment)s on. Whoever runs the machine can part the two at once: there"
            " “fugong login renew” gives a login a new password."
        ),
        "act.not_yours_to_decide": _("You may not decide this act. Ask an approver, or to be named a deputy."),
        "act.not_yours": _("Only who proposed an act can withdraw it."),
        "act.not_sure": _("Look at what it takes and from whom, tick the box, and agree then."),
        "act.other_effect": _("By now this act would take a permission from %(losing)s people: look at it again."),
        "act.no_reason": _("Say why you refuse, so that it can be mended."),
        "review.own": _("Somebody else looks at what you stated, or a login did that you may hold too."),
        "review.words": _("Say what you found: whom you asked, and whether the measurements are right."),
        "act.proposer_gone": _("Whoever proposed this has no login any more: refuse it, and let somebody propose it anew."),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """Nothing was done: by now the act would do something else than was shown. ``effect`` is what it would do now."""

    effect: dict[str, Any]


class _Recounted(Exception):  # noqa: N818 - carries the effect out of a transaction that is rolled back
    def __init__(self, effect: gate.Effect) -> None:
        super().__init__()
        self.effect = effect


class Guarding:
    """Does an act at once, or keeps it until a second person agrees."""

    def perform(self, act: Act, call: Call) -> Done | Waits:
        """Raises what the act raises; then nothing is done and nothing waits."""
        gate.one_at_a_time(call.actor)
        try:
            with transaction.atomic(), gate.performing() as one:
                result = act.run(call)
                gate.judge(one, Stating(call.actor, call.evidence), call.now)
        except gate.TooMany as too_many:
            waiting = keep(act, call, too_many.effect)
            return Waits(waiting.pk, waiting.effect["losing"])
        return Done(result)


def keep(act: Act, call: Call, effect: gate.Effect, *, draft: bool = False) -> WaitingAct:
    """Keep an act until somebody else agrees; a draft until its proposer sends it."""
    with access.elevated("effects are counted over everybody"):
        counted, summary = effect.counted(), act.summary(call)
    return WaitingAct.objects.create(
        act=act.name, arguments=dict(call.arguments), summary=summary, evidence=call.evidence, filename=call.filename[-200:],
        content=None if call.content is None else personal.encrypt_bytes(call.content), proposer_id=call.actor,
        proposed_as=_known_as(call.actor), created_at=call.now, effect=counted, counted_at=call.now,
        state=WaitingAct.DRAFT if draft else WaitingAct.WAITING,
    )  # fmt: skip


def _known_as(actor: UUID | None) -> str:
    """A role's name; for whoever has the command line their login on the machine."""
    if actor:
        return access.current().role
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "?"


def call_of(waiting: WaitingAct, now: int, approved_by: UUID | None = None, progress: Progress = silent) -> Call:
    """A kept act as it would be done now."""
    content = None if waiting.content is None else personal.decrypt_bytes(bytes(waiting.content))
    return Call(
        waiting.arguments, now, waiting.proposer_id, waiting.evidence, content, waiting.filename, approved_by, progress
    )


def _waiting(act_id: UUID) -> WaitingAct:
    """The row, locked. Raises ActError unless it waits."""
    waiting = WaitingAct.objects.select_for_update(of=("self",)).get(pk=act_id)
    if waiting.state != WaitingAct.WAITING:
        raise ActError("act.not_waiting")
    return waiting


def _decider(waiting: WaitingAct, by: UUID, now: int) -> None:
    """Raises ActError unless this person may decide."""
    if waiting.proposer_id == by:
        raise ActError("act.own")
    one = deputies.decider(User.objects.get(pk=by), now)
    moment = one.not_before(waiting)
    if moment is not None:
        raise ActError("act.same_hands", moment=f"{local.to_datetime(moment):%Y-%m-%d %H:%M}")
    if not one.may(waiting):
        raise ActError("act.not_yours_to_decide")


@transaction.atomic
def recount(*, act_id: UUID, now: int, progress: Progress = silent) -> dict[str, Any]:
    """What a waiting act would do now; kept beside it. Raises ActError, and what the act raises by now."""
    waiting = _waiting(act_id)
    with access.elevated("effects are counted over everybody"):
        effect = _tried(waiting, now, progress).counted()
    WaitingAct.objects.filter(pk=act_id).update(effect=effect, counted_at=now)
    return effect


def _tried(waiting: WaitingAct, now: int, progress: Progress) -> gate.Effect:
    call, act = call_of(waiting, now, progress=progress), ACTS[waiting.act]
    if act.trial is not None:
        effect: gate.Effect = act.trial(call)
        return effect
    try:
        with transaction.atomic():
            raise _Recounted(_run(act, call)[0])
    except _Recounted as found:
        return found.effect


def _run(act: Act, call: Call) -> tuple[gate.Effect, Any]:
    with _as_proposer(call), gate.performing(approved=True) as one:
        result = act.run(call)
        return gate.judge(one, Stating(call.actor, call.evidence), call.now), result


@contextmanager
def _as_proposer(call: Call) -> Iterator[None]:
    """Whom the act sees is whom its proposer sees, and what it states is what they state: a list must not find more people,
    nor say other things, because somebody else agreed. What was proposed on the command line is the operator's.
    """
    purpose, origin = f"act agreed to by {call.approved_by}", access.current().origin
    if call.actor is None:
        who = access.as_system(purpose, origin=origin)
    else:
        who = access.as_user(User.objects.get(pk=call.actor), purpose=purpose, origin=origin)
    with access.acting(who):
        yield


@transaction.atomic
def approve(
    *, act_id: UUID, by: UUID, now: int, shown: Mapping[str, Any] | None = None, progress: Progress = silent
) -> Any | Changed:  # fmt: skip
    """Do a waiting act, in its proposer's name, by the agreement of somebody else; returns what came of it.

    ``shown`` is the effect that they saw: where it would be another one by now, nothing is done and `Changed` returned.
    Raises ActError, and what the act raises.
    """
    waiting = _waiting(act_id)
    _decider(waiting, by, now)
    if waiting.proposer_id is not None and not User.objects.filter(pk=waiting.proposer_id, is_active=True).exists():
        raise ActError("act.proposer_gone")
    gate.one_at_a_time(waiting.proposer_id)
    with access.elevated("an act is done as its proposer's"):
        try:
            with transaction.atomic():
                effect, result = _run(ACTS[waiting.act], call_of(waiting, now, by, progress))
                counted = effect.counted()
                if shown is not None and _numbers(shown) != _numbers(counted):
                    raise _Recounted(effect)
        except _Recounted:
            WaitingAct.objects.filter(pk=act_id).update(effect=counted, counted_at=now)
            return Changed(counted)
        _decide(waiting, WaitingAct.APPROVED, by, now, effect=counted, counted_at=now)
    return result


def _numbers(effect: Mapping[str, Any]) -> list[Any]:
    return [effect["losing"], effect["gaining"], sorted(effect["permissions"].items())]


def _decide(waiting: WaitingAct, state: str, by: UUID | None, now: int, **more: Any) -> None:
    """From here on the act is history: the database itself clears what it was told, and its file."""
    WaitingAct.objects.filter(pk=waiting.pk).update(state=state, decided_by_id=by, decided_at=now, **more)


@transaction.atomic
def refuse(*, act_id: UUID, by: UUID, reason: str, now: int) -> None:
    """Nothing is done, and the proposer reads why. Raises ActError."""
    waiting = _waiting(act_id)
    _decider(waiting, by, now)
    if not reason.strip():
        raise ActError("act.no_reason", field="reason")
    _decide(waiting, WaitingAct.REFUSED, by, now, reason=reason.strip()[:500])


@transaction.atomic
def withdraw(*, act_id: UUID, by: UUID, now: int) -> None:
    """The proposer takes it back. Raises ActError."""
    waiting = WaitingAct.objects.select_for_update(of=("self",)).get(pk=act_id)
    if waiting.state not in (WaitingAct.WAITING, WaitingAct.DRAFT):
        raise ActError("act.not_waiting")
    if waiting.proposer_id != by:
        raise ActError("act.not_yours")
    _decide(waiting, WaitingAct.WITHDRAWN, by, now)


@transaction.atomic
def send(*, act_id: UUID, by: UUID, now: int) -> WaitingAct:
    """The proposer has seen what a draft would do, and sends it to the approvers. Raises ActError."""
    waiting = WaitingAct.objects.select_for_update(of=("self",)).get(pk=act_id)
    if waiting.proposer_id != by:
        raise ActError("act.not_yours")
    if waiting.state == WaitingAct.DRAFT:
        WaitingAct.objects.filter(pk=act_id).update(state=WaitingAct.WAITING, created_at=now)
        waiting.refresh_from_db()
    return waiting


@transaction.atomic
def note_review(*, review_id: UUID, by: UUID, note: str, now: int) -> None:
    """Somebody else has looked at a large batch of measurements, and says what they found; the first one counts.

    Raises ActError for whoever stated the measurements, for a login that they may hold too, and without words.
    """
    review = Review.objects.select_for_update().get(pk=review_id)
    one = deputies.decider(User.objects.get(pk=by), now)
    if reviews.is_own(review, one):
        raise ActError("review.own")
    if not reviews.may_look(review, one):
        raise ActError("act.not_yours_to_decide")
    if not note.strip():
        raise ActError("review.words", field="note")
    if review.reviewed_at is None:
        Review.objects.filter(pk=review_id).update(reviewed_at=now, reviewed_by_id=by, note=note.strip()[:500])


def escalate(*, now: int) -> int:
    """What nobody has decided, or looked at, for ``FUGONG_ESCALATE_AFTER`` seconds goes to every approver and deputy.

    Returns how many acts and reviews.
    """
    before = now - settings.FUGONG_ESCALATE_AFTER
    late = WaitingAct.objects.filter(state=WaitingAct.WAITING, escalated_at=None, created_at__lte=before)
    unseen = Review.objects.filter(reviewed_at=None, escalated_at=None, at__lte=before)
    return late.update(escalated_at=now) + unseen.update(escalated_at=now)


def expire(*, now: int) -> int:
    """Acts that nobody decided for ``FUGONG_WAITING_KEPT`` seconds end, drafts after a day. Returns how many.

    What they were told goes, as it does when they are decided.
    """
    kept = {WaitingAct.WAITING: settings.FUGONG_WAITING_KEPT, WaitingAct.DRAFT: DAY}
    return sum(
        WaitingAct.objects.filter(state=state, created_at__lte=now - seconds).update(
            state=WaitingAct.EXPIRED, decided_at=now
        )
        for state, seconds in kept.items()
    )
