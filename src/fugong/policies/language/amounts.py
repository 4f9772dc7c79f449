"""How much a measure pays, in fen (hundredths of a yuan): reckoned in decimals, rounded as the measure says."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from fugong.policies.language import form
from fugong.policies.language.known import Subject

_WAYS = {"half_up": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}


def each(measure: form.Measure) -> int:
    """What is paid for one person, in fen; nothing where the measure pays no amount per person."""
    amount = measure.amount
    if not isinstance(amount, form.PerPerson):
        return 0
    return _fen(measure.number(amount.of) * measure.number(amount.share), amount.round)


def of_enterprise(measure: form.Measure, enterprise: Subject, people: int) -> int:
    """What is paid to an enterprise for so many people, in fen."""
    amount = measure.amount
    if isinstance(amount, form.PerPerson):
        return each(measure) * people
    if isinstance(amount, form.Fixed):
        return _fen(measure.number(amount.of), amount.round)
    if isinstance(amount, form.ShareOfCost):
        shown = enterprise.item("evidence", amount.item)
        cost = Decimal(str(shown.values.get("number") or 0)) if shown is not None else Decimal(0)
        paid = cost * measure.number(amount.share)
        if amount.cap is not None:
            paid = min(paid, measure.number(amount.cap))
        return _fen(paid, amount.round)
    return 0


def _fen(yuan: Decimal, rounding: form.Rounding) -> int:
    """Yuan, rounded to a multiple of the step (0: to the fen), in fen."""
    step = rounding.to or Decimal("0.01")
    return int((yuan / step).to_integral_value(_WAYS[rounding.way]) * step * 100)
