"""Acts that wait for a second person, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from fugong.base import clock
from fugong.base.access import needs
from fugong.clearance import acts, waiting
from fugong.clearance.acts import ActError, Changed
from fugong.clearance.views.waiting import WATCHERS
from fugong.clearance.waiting import Shown

router = Router()


class ActOut(Schema):
    """An act: its kind, who proposed it, on which evidence, how many would lose and gain which permission, its state."""

    id: UUID
    act: str
    state: str = Field(description="draft, waiting, approved, refused, withdrawn or expired")
    proposed_by: str
    created_at: int
    evidence: str
    losing: int
    gaining: int
    permissions: dict[str, tuple[int, int]]
    counted_at: int
    overdue: bool
    may_decide: bool
    reason: str


class Agreement(Schema):
    """How many lose and gain a permission by what you agree to: where it would be others by now, nothing is done."""

    losing: int
    gaining: int


class Refusal(Schema):
    """Why you refuse."""

    reason: str


def _out(one: Shown) -> ActOut:
    act = one.act
    return ActOut(
        id=act.pk, act=act.act, state=act.state, proposed_by=one.by, created_at=act.created_at, evidence=act.evidence,
        losing=act.effect["losing"], gaining=act.effect["gaining"], permissions=act.effect["permissions"],
        counted_at=act.counted_at, overdue=one.late, may_decide=one.may_decide, reason=act.reason,
    )  # fmt: skip


@router.get("", response=list[ActOut], summary="What waits for a second person")
def waiting_acts(request: HttpRequest) -> list[ActOut]:
    """For approvers and deputies what they may decide; for everybody else what they proposed themselves."""
    user = needs(request, *WATCHERS)
    return [_out(one) for one in waiting.listed(user, clock.now())[0]]


@router.get("/{act_id}", response=ActOut, summary="One act, with what it would do")
def waiting_act(request: HttpRequest, act_id: UUID) -> ActOut:
    return _out(waiting.seen(needs(request, *WATCHERS), act_id, clock.now()))


@router.post("/{act_id}/agree", response=ActOut, summary="Agree to an act: it is done at once")
def agree(request: HttpRequest, act_id: UUID, said: Agreement) -> ActOut:
    """Refused for whoever proposed it, and where it would do something else by now."""
    user, now = needs(request, "act.approve"), clock.now()
    shown: dict[str, Any] = {**waiting.seen(user, act_id, now).act.effect, **said.dict()}
    result = acts.approve(act_id=act_id, by=user.pk, now=now, shown=shown)
    if isinstance(result, Changed):
        raise ActError("act.other_effect", losing=result.effect["losing"])
    return _out(waiting.seen(user, act_id, now))


@router.post("/{act_id}/refuse", response=ActOut, summary="Refuse an act: nothing is done")
def refuse(request: HttpRequest, act_id: UUID, said: Refusal) -> ActOut:
    user, now = needs(request, "act.approve"), clock.now()
    waiting.seen(user, act_id, now)
    acts.refuse(act_id=act_id, by=user.pk, reason=said.reason, now=now)
    return _out(waiting.seen(user, act_id, now))


@router.post("/{act_id}/withdraw", response=ActOut, summary="Withdraw what you proposed")
def withdraw(request: HttpRequest, act_id: UUID) -> ActOut:
    user, now = needs(request, *WATCHERS), clock.now()
    waiting.seen(user, act_id, now)
    acts.withdraw(act_id=act_id, by=user.pk, now=now)
    return _out(waiting.seen(user, act_id, now))
