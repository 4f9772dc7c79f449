"""The store: what is there and how long it lasts; handing things out on a phone, by scan or by search."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock, searching
from fugong.base.access import actor, looked_at, requires
from fugong.base.faults import Fault
from fugong.base.ids import uuid7
from fugong.base.middleware import policy
from fugong.base.paging import page_of
from fugong.base.typed import identifier_or_none
from fugong.premises import printing
from fugong.premises.errors import PremisesError
from fugong.premises.models import Movement, Stock
from fugong.premises.pages.common import by_page, pdf, tabs, whole
from fugong.premises.sites import site_of, sites_of
from fugong.premises.stock import queries, services
from fugong.premises.stock.services import Handed
from fugong.registry import queries as registry
from fugong.registry import scans
from fugong.registry.models import Employment, Enterprise, Worker

FOUND = 8


@require_http_methods(["GET", "POST"])
@requires("roster.write")
def supplies(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """What is on the shelves, how many days it lasts, what came in and went out, and where lists don't agree with them."""
    enterprise, now, wrong = registry.enterprise_of(actor(request), enterprise_id), clock.now(), ""
    if request.method == "POST":
        try:
            _do(request, enterprise, now)
        except Fault as fault:
            wrong = fault.message
        else:
            return redirect("premises:supplies", enterprise.pk)
    stocks = queries.lines(list(queries.stocks(now, enterprise=enterprise.pk)[:200]), now)
    page = page_of(request, queries.movements(enterprise.pk))
    short = list(queries.shortfalls(enterprise.pk)[:50])
    context = {
        "enterprise": enterprise, "tabs": list(tabs(request, enterprise, "supplies")), "page": page, "now": now,
        "stocks": stocks, "rows": queries.noted(list(page)), "short": queries.noted(short), "wrong": wrong,
        "sites": sites_of(enterprise.pk), "posted": request.POST, "id": uuid7(), "undo": now - services.UNDO_SECONDS,
        "issue": Movement.ISSUE,
    }  # fmt: skip
    return render(request, "premises/supplies.html", context, status=422 if wrong else 200)


def _do(request: HttpRequest, enterprise: Enterprise, now: int) -> None:
    posted, by = request.POST, by_page(request)
    match posted.get("do"):
        case "item":
            site = site_of(enterprise.pk, identifier_or_none(posted.get("site")))
            made = services.add_item(site=site, item=posted.get("item", ""), unit=posted.get("unit", ""), now=now)
            if posted.get("number", "").strip():
                services.deliver(stock=made.pk, number=whole(posted.get("number")), by=by)
            messages.success(request, _("The item is in the books now."))
        case "deliver":
            services.deliver(
                stock=_own(enterprise, posted.get("stock")), number=whole(posted.get("number")),
                words=posted.get("words", ""), by=by, id=identifier_or_none(posted.get("id")),
            )  # fmt: skip
            messages.success(request, _("The delivery is on the shelf."))
        case "count":
            services.count(
                stock=_own(enterprise, posted.get("stock")), counted=whole(posted.get("counted"), -1),
                words=posted.get("words", ""), by=by,
            )  # fmt: skip
            messages.success(request, _("The books say what was counted."))
        case "undo":
            services.take_back(
                movement=identifier_or_none(posted.get("movement")) or uuid7(), enterprise=enterprise.pk, by=by
            )
            messages.success(request, _("It is taken back."))
        case "settle":
            services.settle(
                shortfall=identifier_or_none(posted.get("shortfall")) or uuid7(), enterprise=enterprise.pk,
                words=posted.get("words", ""), by=by,
            )  # fmt: skip
            messages.success(request, _("It is noted what happened."))


def _own(enterprise: Enterprise, stock: str | None) -> UUID:
    """A stock of this enterprise. Raises PremisesError for any other."""
    key = identifier_or_none(stock)
    if key is None or not Stock.objects.filter(pk=key, enterprise=enterprise).exists():
        raise PremisesError("stock.unknown", field="stock")
    return key


@require_http_methods(["GET", "POST"])
@requires("checkpoint")
def issue(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """Hand things out: scan the badge or the pass, or look for the name; what, how many; done."""
    enterprise, now, wrong = registry.enterprise_of(actor(request), enterprise_id), clock.now(), ""
    worker: Worker | None = None
    if request.method == "POST":
        posted = request.POST
        if posted.get("do") == "search":
            return redirect(searching.address(request, request.path, posted.get("q", "")))
        try:
            worker = _whom(request, enterprise, now)
            if posted.get("do") == "issue" and worker is not None:
                _hand_out(request, enterprise, worker)
                return redirect("premises:issue", enterprise.pk)
        except Fault as fault:
            wrong = fault.message
    text = searching.text(request)
    people = (
        registry.workers(actor(request), text=text, enterprise=enterprise.pk)[:FOUND] if text and not worker else []
    )
    if worker is not None:
        looked_at([worker.pk])
    context = {
        "enterprise": enterprise, "tabs": list(tabs(request, enterprise, "issue")), "worker": worker, "people": people,
        "stocks": list(queries.stocks(now, enterprise=enterprise.pk)[:50]), "q": text, "wrong": wrong, "id": uuid7(),
        "posted": request.POST, "now": now,
    }  # fmt: skip
    response = render(request, "premises/issue.html", context, status=422 if wrong else 200)
    response["Content-Security-Policy"] = policy(script_src=("'wasm-unsafe-eval'",))  # the camera's reader of codes
    return response


def _whom(request: HttpRequest, enterprise: Enterprise, now: int) -> Worker | None:
    """Who was scanned or chosen: somebody of this enterprise. Raises PremisesError."""
    posted = request.POST
    code, key = posted.get("code", "").strip(), identifier_or_none(posted.get("worker"))
    employed = Employment.objects.filter(enterprise=enterprise, active=True).select_related("worker")
    if posted.get("do") == "scan":
        passed = scans.whose(code, now) if code else None
        found = employed.filter(worker=passed).first() if passed else None
        found = found or (employed.filter(badge__iexact=code).first() if code else None)
        if found is None:
            raise PremisesError("stock.not_a_code", field="code")
        return found.worker
    found = employed.filter(worker=key).first() if key else None
    if found is None:
        raise PremisesError("stock.no_person", field="worker")
    return found.worker


def _hand_out(request: HttpRequest, enterprise: Enterprise, worker: Worker) -> None:
    posted = request.POST
    handed = []
    for stock in Stock.objects.filter(enterprise=enterprise):
        number = whole(posted.get(f"number-{stock.pk}"))
        if number:
            handed.append(Handed(worker.pk, stock.pk, number))
    services.issue(handed=handed, by=by_page(request), id=identifier_or_none(posted.get("id")))
    messages.success(request, _("Handed out to %(name)s.") % {"name": worker.name})


@require_GET
@requires("checkpoint")
def sheet(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """The list to sign where things are handed out by hand, by workshop."""
    enterprise, now = registry.enterprise_of(actor(request), enterprise_id), clock.now()
    rows = (
        Employment.objects.filter(enterprise=enterprise, active=True).select_related("worker")
        .order_by("workshop", "badge", "pk")[:5000]
    )  # fmt: skip
    people = list(rows)
    looked_at(row.worker_id for row in people)
    items = [stock.item for stock in Stock.objects.filter(enterprise=enterprise).order_by("item")[:4]]
    return pdf(printing.handing_out_sheet(enterprise, people, items, now), "fugong-supplies.pdf")
