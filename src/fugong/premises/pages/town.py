"""What the town sees of all premises: by enterprise, and what needs somebody's hand: rooms, disinfections, supplies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.paging import page_of
from fugong.premises import town as queries
from fugong.premises.dormitories import queries as dormitories
from fugong.premises.hygiene import queries as hygiene
from fugong.premises.stock import queries as stock
from fugong.registry import queries as registry


@require_GET
@requires("town.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Enterprises with how their premises stand; by name, those first of which something is known."""
    now, text = clock.now(), request.GET.get("q", "").strip()[:64]
    rule = dormitories.rule_at(now)
    page = page_of(request, queries.kept_first(registry.enterprises(actor(request), text=text, at=now)))
    context = {
        "page": page, "rows": queries.rows(list(page), rule, now), "now": now, "q": text, "rule": rule, "here": "town",
        "may_write": actor(request).may("roster.write"),
    }  # fmt: skip
    return render(request, "premises/town.html", context)


@require_GET
@requires("town.read")
def rooms(request: HttpRequest) -> HttpResponse:
    """Rooms in which more people sleep than the rule lets, in the whole town."""
    now = clock.now()
    rule = dormitories.rule_at(now)
    page = page_of(request, queries.overfull_rooms(now, rule))
    page.object_list = queries.shown_rooms(list(page.object_list), now, rule)
    context = {"page": page, "now": now, "rule": rule, "here": "rooms", "may_write": actor(request).may("roster.write")}
    return render(request, "premises/town_rooms.html", context)


@require_GET
@requires("town.read")
def overdue(request: HttpRequest) -> HttpResponse:
    """Disinfections whose time has passed, in the whole town."""
    now = clock.now()
    page = page_of(request, hygiene.overdue(hygiene.duties(now), now))
    context = {
        "page": page, "lines": hygiene.lines(list(page), now), "now": now, "here": "overdue",
        "may_write": actor(request).may("checkpoint"),
    }  # fmt: skip
    return render(request, "premises/town_overdue.html", context)


@require_GET
@requires("town.read")
def supplies(request: HttpRequest) -> HttpResponse:
    """What is to be ordered again, in the whole town."""
    now = clock.now()
    page = page_of(request, stock.to_order(stock.stocks(now), now))
    context = {
        "page": page, "lines": stock.lines(list(page), now), "now": now, "here": "supplies",
        "short": stock.shortfalls().count(), "span": stock.span_at(now), "may_write": actor(request).may("roster.write"),
    }  # fmt: skip
    return render(request, "premises/town_supplies.html", context)
