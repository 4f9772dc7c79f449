"""Claims: drafted from what is known, checked, submitted, shown in public, approved, paid. Amounts are in fen."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base import local
from fugong.ledger import services as ledger
from fugong.policies.errors import PolicyError
from fugong.policies.language import amounts, eligibility, form
from fugong.policies.language.eligibility import Judgement, Result
from fugong.policies.language.reading import parsed
from fugong.policies.models import Claim, ClaimLine, ClaimStep, Measure, Payment
from fugong.policies.wording import in_force, in_words, yuan

DAY = 86_400
_NEXT = {
    Claim.CHECKED: (Claim.DRAFTED,),
    Claim.SUBMITTED: (Claim.CHECKED,),
    Claim.APPROVED: (Claim.SUBMITTED,),
    Claim.PAID: (Claim.APPROVED,),
    Claim.REFUSED: (Claim.SUBMITTED, Claim.CHECKED),
    Claim.WITHDRAWN: (Claim.DRAFTED, Claim.CHECKED, Claim.SUBMITTED),
}
"""From which states each may follow."""
_MADE = (Claim.DRAFTED, Claim.CHECKED)
"""Steps whose actors don't approve."""


@transaction.atomic
def draft(*, enterprise: UUID, measure: UUID, now: int, actor: UUID | None) -> Claim:
    """Draft a claim for everybody who qualifies and isn't claimed for yet, or for the enterprise itself. Raises PolicyError."""
    ledger.lock(update=[enterprise])
    row = Measure.objects.get(pk=measure, current=True)
    said = parsed(row.text)
    if said.status != Measure.COMPLETE:
        raise PolicyError("measure.no_amount", field="measure")
    result = evaluated(said, enterprise, now)
    if result.dateless:
        raise PolicyError("policy.no_calendar", field="measure", year=local.day_of(now).year)
    if result.late and result.due is not None:
        raise PolicyError("claim.late", field="measure", day=local.day_of(result.due - 1))
    _require_in_force(result)
    if result.own.standing != "yes":
        raise PolicyError("claim.not_eligible", field="measure", why=lacking(result.own))
    people = _not_claimed(said, result.of_people("yes")) if said.per_person else []
    if said.per_person and not people:
        raise PolicyError("claim.nobody", field="measure")
    claimed = amounts.each(said) * len(people) if said.per_person else result.amount
    if claimed <= 0:
        raise PolicyError("claim.nobody", field="measure")
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                enterprise_id=enterprise, measure=row, measure_key=row.key, whole=not said.per_person and said.once,
                claimed=claimed, due=result.due, drafted_at=now, changed_at=now, actor_id=actor,
            )  # fmt: skip
            _add_lines(claim, people, amounts.each(said))
    except IntegrityError:
        raise PolicyError("claim.open", field="measure") from None
    _note(claim, now, actor)
    return claim


def _require_in_force(result: Result) -> None:
    if not result.in_force:
        raise PolicyError("measure.not_in_force", field="measure", when=in_force(result.measure.document))


def evaluated(measure: form.Measure, enterprise: UUID, at: int) -> Result:
    """A measure for one enterprise at a moment."""
    return eligibility.of_enterprises([measure], [enterprise], at)[enterprise][0]


def _not_claimed(measure: form.Measure, people: Sequence[UUID]) -> list[UUID]:
    if not measure.once:
        return list(people)
    taken = ClaimLine.objects.filter(measure_key=measure.measure, counted=True, worker__in=people)
    claimed = set(taken.values_list("worker_id", flat=True))
    return [one for one in people if one not in claimed]


def _add_lines(claim: Claim, people: Sequence[UUID], each: int) -> None:
    ClaimLine.objects.bulk_create(
        ClaimLine(claim=claim, worker_id=one, measure_key=claim.measure_key, amount=each) for one in people
    )


@transaction.atomic
def check(*, claim: UUID, now: int, actor: UUID | None) -> Claim:
    """Compare a draft once more with what is known now: everybody on it still qualifies. Raises PolicyError."""
    found = _locked(claim, Claim.CHECKED)
    _require_unchanged(found, now)
    return _step(found, Claim.CHECKED, now, actor)


def _require_unchanged(claim: Claim, now: int) -> None:
    measure = parsed(claim.measure.text)
    result = evaluated(measure, claim.enterprise_id, now)
    wrong = [] if result.own.standing == "yes" else [lacking(result.own)]
    people = list(claim.lines.order_by("worker_id").values_list("worker_id", flat=True))
    judged = eligibility.of_people(measure, people, now) if people else {}
    wrong += [lacking(one) for one in judged.values() if one.standing != "yes"]
    if wrong:
        raise PolicyError("claim.changed", why=in_words(list(dict.fromkeys(wrong))))


@transaction.atomic
def submit(*, claim: UUID, now: int, actor: UUID | None) -> Claim:
    """Hand a checked claim to the office, by its deadline. Raises PolicyError."""
    found = _locked(claim, Claim.SUBMITTED)
    if found.due is not None and now >= found.due:
        raise PolicyError("claim.late", day=local.day_of(found.due - 1))
    if found.due is None:
        _require_in_force(evaluated(parsed(found.measure.text), found.enterprise_id, now))
    _require_unchanged(found, now)
    return _step(found, Claim.SUBMITTED, now, actor)


@transaction.atomic
def publish(*, claim: UUID, start: int, end: int, now: int, actor: UUID | None) -> Claim:
    """Note from when to before when a submitted claim is shown in public. Raises PolicyError."""
    found = _locked(claim, Claim.APPROVED)
    rule = parsed(found.measure.text).publicity
    if start >= end:
        raise PolicyError("policy.times", field="end")
    if rule is not None and rule.days is not None:
        days = int(parsed(found.measure.text).number(rule.days))
        if end - start < days * DAY:
            raise PolicyError("claim.publicity_days", field="end", days=days)
    found.public_from, found.public_until = start, end
    found.changed_at = now
    found.save(update_fields=["public_from", "public_until", "changed_at"])
    _note(found, now, actor, f"{local.day_of(start)} – {local.day_of(end - 1)}")
    return found


@transaction.atomic
def approve(*, claim: UUID, amount: int, now: int, actor: UUID | None) -> Claim:
    """Approve a submitted claim with an amount (fen), after it was shown in public where that is asked.

    Whoever drafted or checked it can't, by the database too. Raises PolicyError.
    """
    found = _locked(claim, Claim.APPROVED)
    if made_by(found, actor):
        raise PolicyError("claim.own")
    if not 0 < amount <= found.claimed:
        raise PolicyError("claim.amount", field="amount", most=yuan(found.claimed))
    if parsed(found.measure.text).publicity is not None:
        if found.public_until is None:
            raise PolicyError("claim.publicity", field="start")
        if now < found.public_until:
            raise PolicyError("claim.publicity_runs", day=local.day_of(found.public_until - 1))
    found.approved = amount
    return _step(found, Claim.APPROVED, now, actor, yuan(amount))


def made_by(claim: Claim, somebody: UUID | None) -> bool:
    """Whether somebody drafted or checked a claim."""
    return somebody is not None and claim.steps.filter(actor_id=somebody, state__in=_MADE).exists()


@transaction.atomic
def pay(
    *, claim: UUID, amount: int, paid_at: int, now: int, actor: UUID | None, reference: str = ""
) -> Payment:  # fmt: skip
    """Note that an approved claim was paid: once, and at most what was approved (fen). Raises PolicyError."""
    found = _locked(claim, Claim.PAID)
    assert found.approved is not None
    if not 0 < amount <= found.approved:
        raise PolicyError("claim.amount", field="amount", most=yuan(found.approved))
    if paid_at > now:
        raise PolicyError("claim.paid_ahead", field="paid_on")
    payment = Payment.objects.create(
        claim=found, approved=found.approved, amount=amount, paid_at=paid_at, reference=reference.strip()[:64],
        recorded_at=now, actor_id=actor,
    )  # fmt: skip
    _step(found, Claim.PAID, now, actor, yuan(amount))
    return payment


@transaction.atomic
def refuse(*, claim: UUID, reason: str, now: int, actor: UUID | None) -> Claim:
    """Refuse a claim, with the reason: those on it may be claimed for again. Raises PolicyError."""
    return _end(claim, Claim.REFUSED, reason, now, actor)


@transaction.atomic
def withdraw(*, claim: UUID, reason: str, now: int, actor: UUID | None) -> Claim:
    """Take a claim back before it is approved, with the reason. Raises PolicyError."""
    return _end(claim, Claim.WITHDRAWN, reason, now, actor)


def _end(claim: UUID, state: str, reason: str, now: int, actor: UUID | None) -> Claim:
    if not reason.strip():
        raise PolicyError("claim.no_reason", field="reason")
    found = _locked(claim, state)
    found.lines.update(counted=False)
    return _step(found, state, now, actor, reason.strip())


def _locked(claim: UUID, towards: str) -> Claim:
    found = (
        Claim.objects.select_for_update(no_key=True, of=("self",)).select_related("measure").filter(pk=claim).first()
    )
    if found is None:
        raise PolicyError("claim.step", state="—")
    if found.state == Claim.PAID:
        raise PolicyError("claim.paid")
    if found.state not in _NEXT[towards]:
        raise PolicyError("claim.step", state=found.get_state_display())
    return found


def _step(claim: Claim, state: str, now: int, actor: UUID | None, words: str = "") -> Claim:
    claim.state, claim.changed_at = state, now
    claim.save(update_fields=["state", "approved", "changed_at"])
    _note(claim, now, actor, words)
    return claim


def _note(claim: Claim, now: int, actor: UUID | None, words: str = "") -> None:
    ClaimStep.objects.create(claim=claim, state=claim.state, words=words[:400], at=now, actor_id=actor)


def lacking(judgement: Judgement) -> str:
    """What a judgement lacks, by the titles of its conditions."""
    return in_words([title for one in (*judgement.failing, *judgement.missing) for title in [one.condition.title]])
