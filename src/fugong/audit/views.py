"""Pages for auditors: search the audit, take the result along, and the head of the chain to be printed."""

from __future__ import annotations

import csv
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from fugong.audit import outside, queries, services
from fugong.audit.forms import Asked
from fugong.audit.queries import Row, Search
from fugong.base import local, searching
from fugong.base.access import actor, requires
from fugong.base.paging import page_of

LISTED, EXPORTED = 2_500, 10_000
"""So many of the newest entries that fit are listed, and exported; a search can be narrowed down."""
_FORMULA = ("=", "+", "-", "@", "\t")
_TYPED = ("since", "until", "kind", "purpose", "organisation")


@requires("audit.read")
def entries(request: HttpRequest) -> HttpResponse:
    """The audit, newest first: search by time, actor, page, organisation and person. Looking at it is in it too."""
    if request.method == "POST":
        return _led_to_result(request)
    form = _asked(request)
    if not form.is_valid():
        return render(request, "audit/entries.html", {"form": form, "asked": True}, status=422)
    search = form.search()
    _note("search", search)
    page = page_of(request, queries.entries(search)[:LISTED])
    context = {
        "form": form, "page": page, "rows": queries.rows(page), "asked": search != Search(), "most": LISTED,
        "many": page.paginator.count == LISTED, "state": queries.state(),
    }  # fmt: skip
    return render(request, "audit/entries.html", context)


def _led_to_result(request: HttpRequest) -> HttpResponse:
    """To the address of the result: in it stands no name and no number of anybody."""
    form = Asked(request.POST)
    if not form.is_valid():
        return render(request, "audit/entries.html", {"form": form, "asked": True}, status=422)
    others = {name: value for name in _TYPED if (value := request.POST.get(name, "").strip())}
    if form.cleaned_data["actor"]:
        others["actor"] = str(form.cleaned_data["actor"])
    address = searching.address(request, request.path, form.data.get("q", ""), **others)
    return HttpResponseRedirect(address)


def _asked(request: HttpRequest) -> Asked:
    """The search that an address stands for."""
    typed = {name: request.GET.get(name, "") for name in _TYPED}
    return Asked({**typed, "actor": _user_name(request.GET.get("actor", "")), "q": searching.text(request)})


def _user_name(key: str) -> str:
    try:
        return queries.user_name(UUID(key)) or key
    except ValueError:
        return key


def _note(action: str, search: Search) -> None:
    """What was searched for comes into the audit; whom it was about, like any look at them."""
    told = {
        "since": local.rfc3339(search.since) if search.since is not None else "",
        "until": local.rfc3339(search.until) if search.until is not None else "",
        "actor": str(search.actor or ""), "kind": search.kind, "pages": ",".join(search.pages),
        "organisations": ",".join(map(str, search.organisations or ())),
    }  # fmt: skip
    services.note(action=action, subjects=search.persons or (), details={k: v for k, v in told.items() if v})


@requires("audit.read")
def export(request: HttpRequest) -> HttpResponse:
    """The result of a search as a CSV file (UTF-8 with a byte-order mark, so that spreadsheets read Chinese)."""
    form = _asked(request)
    if not form.is_valid():
        return render(request, "audit/entries.html", {"form": form, "asked": True}, status=422)
    search = form.search()
    _note("export", search)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    writer = csv.writer(response)
    writer.writerow(
        [_("Entry"), _("When"), _("By the database's clock"), _("By whom"), _("Role"), _("For"), _("What was done"), _("What"),
         _("Rows"), _("Page or command"), _("Why"), _("People"), _("From where")]
    )  # fmt: skip
    rows = queries.rows(queries.entries(search)[:EXPORTED])
    writer.writerows(map(_cell, _columns(row)) for row in rows)
    if len(rows) == EXPORTED:
        said = _("Only the newest %(most)s entries are listed. Narrow the search down to see older ones.")
        writer.writerow([said % {"most": f"{EXPORTED:,}"}])
    return response


def _columns(row: Row) -> list[object]:
    entry = row.entry
    return [
        entry.pk, local.rfc3339(entry.at), entry.written_at.isoformat(), row.actor, row.role, row.organisation, row.action,
        row.login or row.what, entry.row_count, row.purpose, row.reason, row.people, entry.origin,
    ]  # fmt: skip


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


@requires("audit.read", "town.read")
def head(request: HttpRequest) -> HttpResponse:
    """The head of the chain, to be printed and kept where nobody who administers the database can change it."""
    state = queries.state()
    groups = [state.hash[place : place + 8] for place in range(0, len(state.hash), 8)] if state else []
    context = {
        "state": state, "groups": groups, "mailed": bool(outside.addresses()), "posted": bool(outside.receiver()),
        "sealed_at": int(state.sealed_at.timestamp()) if state else None, "may_search": actor(request).may("audit.read"),
    }  # fmt: skip
    return render(request, "audit/head.html", context)
