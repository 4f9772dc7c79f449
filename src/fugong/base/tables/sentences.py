"""The sentences of everything that can be wrong with an uploaded table, a row or a cell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base import faults

faults.declare(
    {
        # the whole file
        "table.empty": _("The file is empty. Choose the file that holds the list."),
        "table.too_large": _(
            "The file is too large (%(found)s; the limit is %(limit)s). Delete unused rows, columns and pictures, or"
            " split it into several files."
        ),
        "table.encrypted": _(
            "The file is protected by a password. Open it, remove the password, save it and upload it again."
        ),
        "table.damaged": _(
            "The file is damaged or incomplete. Open it in Excel or WPS, save it as .xlsx and upload it again."
        ),
        "table.wrong_type": _(
            "This is no spreadsheet, but %(found)s. Upload an Excel file (.xlsx, .xls) or a .csv file."
        ),
        "table.no_workbook": _(
            "The file is called .%(ending)s and is no such spreadsheet: its content is something else. Open the list in"
            " Excel or WPS, choose “Save as”, “Excel workbook (.xlsx)”, and upload the file that this makes."
        ),
        "table.web_page": _(
            "This file is a web page that is only named like a spreadsheet. Open it in Excel or WPS, save it as .xlsx"
            " and upload it again."
        ),
        "table.encoding": _(
            "The text is neither UTF-8 nor GB18030. Open the file in Excel or WPS, save it as .xlsx and upload it"
            " again."
        ),
        "table.no_header": _(
            "No sheet has a header row that we recognise. Write the column names in one row above the data, for"
            " example: %(wanted)s."
        ),
        "table.columns_missing": _(
            "Sheet “%(sheet)s” has no column for: %(missing)s. Add the column or say which column it is."
        ),
        "table.no_rows": _("There is no data below the header. Fill in at least one row."),
        # a sheet that takes no part
        "sheet.hidden": _("The sheet is hidden."),
        "sheet.blank": _("The sheet is blank."),
        "sheet.no_header": _(
            "No header row was recognised, and nothing on the sheet looks like the data of this list."
        ),
        "sheet.columns_missing": _("The sheet is no such list: it has no column for: %(missing)s."),
        "sheet.explanation": _("By its name the sheet explains the list or gives an example."),
        "sheet.not_chosen": _("The sheet was not chosen."),
        # a row that is skipped
        "row.totals": _("A row of totals."),
        "row.header_again": _("The header again."),
        "row.nothing_of_ours": _("None of the columns that we take is filled in."),
        "row.example": _("An example that shows how to fill in the list."),
        "row.note": _("A note, no data."),
        "row.repeated": _("Says the same as row %(row)s of sheet “%(sheet)s”."),
        # a row that is wrong
        "row.contradicts": _(
            "Row %(row)s of sheet “%(sheet)s” names the same person (or enterprise, or division), and says something"
            " else in: %(columns)s."
            " Correct one of the two rows, or delete it."
        ),
        "row.no_header": _(
            "The sheet has no header row, so nobody knows what its columns mean. Write the column names in the row"
            " above the data."
        ),
        "row.columns_missing": _(
            "The sheet has no column for: %(missing)s. Write the column's name above it, or add the column."
        ),
        # a cell
        "cell.required": _("“%(title)s” is missing. Fill it in."),
        "cell.formula_failed": _("The formula shows %(shown)s. Correct the formula or write the value itself."),
        "cell.too_long": _("The text is too long (%(found)s characters; the limit is %(limit)s). Shorten it."),
        "name.no_letter": _("“%(value)s” is no name. Write the person's name."),
        "name.has_digits": _("The name “%(value)s” has digits in it. Write the name as in the identity document."),
        "date.unclear": _("“%(value)s” is no date that we understand. Write it like 2020-02-24."),
        "date.no_year": _("“%(value)s” has no year. Write the whole date, like 2020-02-24."),
        "date.no_day": _("“%(value)s” has no day. Write the whole date, like 2020-02-24."),
        "date.short_year": _(
            "In “%(value)s” it is not clear which part is the year. Write the year in four digits, like 2020-02-24."
        ),
        "date.ambiguous": _("In “%(value)s” day and month can be told either way. Write it like 2020-02-24."),
        "date.impossible": _("There is no such day: “%(value)s”. Correct the date."),
        "date.out_of_range": _("The date %(value)s is not between %(least)s and %(most)s. Correct the date."),
        "moment.no_time": _("“%(value)s” has no time of day. Write date and time, like 2020-03-07 08:30."),
        "moment.unclear": _("“%(value)s” is no date and time that we understand. Write it like 2020-02-24 08:30."),
        "time.unclear": _("“%(value)s” is no time of day that we understand. Write it like 08:30."),
        "number.unclear": _("“%(value)s” is no number. Write digits only."),
        "number.not_whole": _("%(value)s is no whole number. Write it without decimals."),
        "number.out_of_range": _("%(value)s is not between %(least)s and %(most)s. Correct the number."),
        "percentage.out_of_range": _("%(value)s is no share between 0 %% and 100 %%. Write it like 80%%."),
        "temperature.unclear": _("“%(value)s” is no temperature. Write it in ℃, like 36.8."),
        "temperature.out_of_range": _("%(value)s ℃ is no body temperature (25 to 45 ℃). Correct it."),
        "flag.unclear": _("“%(value)s” is neither yes nor no. Write yes or no."),
        "choice.unknown": _("“%(value)s” is none of the possible answers. Write one of: %(choices)s."),
        "division.unknown": _("We know no place “%(value)s”. Write province, city and county, or the six-digit code."),
        "division.several": _(
            "There is more than one place “%(value)s”. Write province, city and county, or the six-digit code."
        ),
    }
)
