"""Why a plan of routes can't be made, in words that say what is missing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare

declare(
    {
        "plan.nothing_asked": _("Nobody asks for a seat on this day. Choose another one."),
        "plan.no_vehicles": _("No vehicle with a starting place is free. Add one, or give one a starting place."),
        "plan.unplaced": _("It isn't known where these lie: %(places)s. Give them latitude and longitude first."),
        "plan.times": _("The vehicles are to arrive after they leave. Compare the two times."),
        "plan.broken": _("The plan that was found breaks a rule and is not used: %(why)s"),
        "plan.table": _("The table of distances can't be read: %(why)s"),
        "plan.table_row": _("Row %(row)s of the table of distances is no way: from, to, kilometres, minutes."),
        "plan.engine": _("%(why)s"),
        "plan.changed": _("Somebody changed requests or trips of this day while it was planned. Plan again."),
        "vehicle.taken": _("The vehicle %(plate)s is on the list already."),
        "vehicle.wrong": _("Rated seats, rows, seats a row, drivers and costs don't fit together. Correct them."),
        "vehicle.start": _("The starting place needs latitude and longitude."),
    }
)


class PlanError(Fault):
    """A plan that can't be made or used: ``code`` is stable."""
