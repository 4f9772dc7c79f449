"""What counts as a disinfection: the limits of the pack that is in force, and the refusal of what falls short of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare
from fugong.clearance.queries import operations
from fugong.core.protocol.operations import Disinfected, Disinfection

declare(
    {
        "disinfection.too_weak": _(
            "%(mg)s mg/L for %(minutes)s minutes is not enough here: it takes %(least)s to %(most)s mg/L for at least %(time)s"
            " minutes. Disinfect it again, then record it."
        ),
    }
)  # fmt: skip


class DisinfectionError(Fault):
    """A disinfection that counts for nothing: ``code`` is stable, ``field`` names the input."""


def limits(what: Disinfected, at: int) -> Disinfection:
    """What the pack in force at that moment asks for; no limit where it says nothing."""
    return operations(at).disinfection.get(what, Disinfection())


def require_enough(what: Disinfected, at: int, *, mg_per_litre: float, minutes: float) -> None:
    """Raises DisinfectionError where the concentration (mg/L) or the time doesn't reach the limits, or is too strong."""
    asked = limits(what, at)
    if not asked.enough(mg_per_litre, minutes):
        most = asked.most_mg_per_litre
        raise DisinfectionError(
            "disinfection.too_weak", field="mg_per_litre", mg=f"{mg_per_litre:g}", minutes=f"{minutes:g}",
            least=f"{asked.least_mg_per_litre:g}", most="…" if most is None else f"{most:g}", time=asked.least_minutes,
        )  # fmt: skip
