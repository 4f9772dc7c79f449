"""What lists upward refuse, in words that an office or a clerk understands: what, where, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare


class SubmissionError(Fault):
    """Something about a list, a layout or a vacancy that is refused; ``field`` names the input."""


declare(
    {
        "list.no_office": _("Say to which office the list goes."),
        "list.changed": _("The list has changed since you looked at it: now %(number)s rows. Look at it again, then sign it."),
        "layout.no_name": _("Give the layout a name."),
        "layout.name_taken": _("There is a layout “%(name)s” already. Choose another name."),
        "layout.not_xlsx": _("The file is no Excel workbook (.xlsx). Save it as one and hand it in again."),
        "layout.too_large": _("The workbook is too large for a layout: %(most)s kB, %(rows)s rows, %(columns)s columns at most."),
        "layout.unknown": _("Cell %(cell)s: there is no “%(name)s”. Known are: %(known)s."),
        "layout.no_row": _("No cell says what stands in a row. Put a placeholder such as {name} below the titles."),
        "layout.two_rows": _("Placeholders of a row stand in rows %(first)s and %(second)s. Put them all into one row."),
        "vacancy.no_post": _("Say which post is vacant."),
        "vacancy.number": _("The number of posts is a whole number from 1 to 100,000."),
        "vacancy.pay": _("The pay a month is a number in yuan."),
        "vacancy.date": _("Correct the date, for example 2020-03-09."),
        "vacancy.far": _("The date is more than a year ahead. Correct it."),
        "vacancy.gone": _("This vacancy is no longer open. Look at the list again."),
        "vacancy.no_reason": _("Say why the post is no longer vacant."),
    }
)  # fmt: skip
