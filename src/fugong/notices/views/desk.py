"""The desk of whoever writes notices: the list, a new one, how one stands, and what is in trouble."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from fugong.base import clock, local, personal
from fugong.base.access import actor, looked_at, requires
from fugong.base.choosing import Found
from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.paging import page_of
from fugong.notices import audiences, forms, queries, variables, wording
from fugong.notices.models import (
    CHANNEL_KINDS,
    DEAD,
    DELIVERY_STATES,
    DRAFT,
    PAGE,
    QUEUED,
    UNKNOWN,
    WAITING,
    Attachment,
    Channel,
    Delivery,
    Notice,
)
from fugong.notices.services import compose, deliveries
from fugong.notices.services.queueing import page_channel, spoken, words_of

HANDS = ("name", "enterprise", "link", "town", "date")
"""The variables of a notice that is written by hand."""


@require_GET
@requires("notice.write", "act.approve")
def listed(request: HttpRequest) -> HttpResponse:
    """Notices, the newest first, each with how many got it."""
    user = actor(request)
    page = page_of(request, queries.notices_in(user).select_related("enterprise"))
    sums = queries.sums(page)
    context = {
        "page": page, "rows": [(one, sums.get(one.pk), wording.reason(one.reason)) for one in page],
        "may_write": user.may("notice.write"), "may_set_up": user.may("town.write"),
        "trouble": queries.in_trouble(user).count(),
    }  # fmt: skip
    return render(request, "notices/notices.html", context)


@require_http_methods(["GET", "POST"])
@requires("notice.write")
def new(request: HttpRequest) -> HttpResponse:
    """Write a notice; it is kept as a draft and shown with how many would get it."""
    return _write(request, None)


@require_http_methods(["GET", "POST"])
@requires("notice.write")
def edit(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Change a draft of one's own."""
    found = get_object_or_404(queries.notices_in(actor(request)), pk=notice_id, made_by=actor(request).pk, state=DRAFT)
    return _write(request, found)


def _write(request: HttpRequest, notice: Notice | None) -> HttpResponse:
    user, now = actor(request), clock.now()
    posted = forms.Posted()
    if request.POST.get("do") == "find":
        posted.values, posted.channels = _typed(request)
    elif request.method == "POST":
        try:
            made = compose.draft(
                given=forms.draft(request), actor=user, now=now, notice_id=notice.pk if notice else None
            )
            return redirect("notices:notice", made.pk)
        except Fault as fault:
            posted.wrong, posted.where = fault.message, fault.field or ""
            posted.values, posted.channels = _typed(request)
    elif notice is not None:
        posted.values = _values_of(notice)
        posted.channels = [str(one) for one in notice.channels.values_list("pk", flat=True)]
    else:
        posted.values = _begun(request)
    to, of = forms.recipients(request.GET if "to" in request.GET else posted.values)
    context = {
        "posted": posted, "notice": notice, "to": to, "offered": _offered(user, now), "ways": _ways(),
        "found": _found(to, of, (request.POST or request.GET).get("find", ""), user, now), "variables": _variables(),
        "templates": _templates(), "languages": ("zh", "en", "zh en"),
    }  # fmt: skip
    return render(request, "notices/new.html", context, status=422 if posted.wrong else 200)


def _typed(request: HttpRequest) -> tuple[dict[str, str], list[str]]:
    return {name: str(value) for name, value in request.POST.items()}, request.POST.getlist("channels")


def _values_of(notice: Notice) -> dict[str, Any]:
    names = ("title_zh", "title_en", "text_zh", "text_en", "languages")
    later = local.to_datetime(notice.send_at).strftime("%Y-%m-%dT%H:%M") if notice.send_at > notice.made_at else ""
    to = {"to": notice.audience, "of": str(notice.of or ""), "send_at": later}
    return {name: getattr(notice, name) for name in names} | to


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: a template and an audience that the address names."""
    values: dict[str, Any] = {"languages": "zh"}
    name = request.GET.get("template", "")
    if name:
        try:
            say = wording.words(name)
        except KeyError:
            raise Http404 from None
        values |= {"title_zh": say.title.zh, "title_en": say.title.en, "text_zh": say.text.zh, "text_en": say.text.en}
    return values


def _offered(user: User, now: int) -> list[audiences.Audience]:
    """The audiences of which there is anything to choose."""
    every = audiences.offered(user)
    return [one for one in every if one.choices is None or one.choices(user, now).rows.exists()]


def _found(to: str, of: UUID | None, typed: str, user: User, now: int) -> Found | None:
    """What can be chosen of an audience; None where nothing is."""
    chosen = next((one for one in audiences.offered(user) if one.name == to), None)
    return chosen.choices(user, now).found(typed, of) if chosen and chosen.choices else None


def _ways() -> list[Channel]:
    page_channel()
    return list(Channel.objects.filter(active=True).exclude(kind=PAGE).order_by("name"))


def _variables() -> list[tuple[str, str, bool]]:
    return [(name, str(variables.VARIABLES[name].title), variables.VARIABLES[name].personal) for name in HANDS]


def _templates() -> list[tuple[str, str]]:
    """Templates that use only what a notice by hand knows."""
    found = []
    for name in wording.names():
        say = wording.words(name)
        if set(variables.used(say.title.zh, say.text.zh, say.title.en, say.text.en)) <= set(HANDS):
            found.append((name, say.title.zh))
    return found


@require_http_methods(["GET", "POST"])
@requires("notice.write", "act.approve")
def detail(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """A notice: a draft with its preview and how many would get it; one that went out with how each delivery stands."""
    user, now = actor(request), clock.now()
    notice = get_object_or_404(
        queries.notices_in(user).select_related("made_by", "approved_by", "enterprise"), pk=notice_id
    )
    if request.method == "POST":
        try:
            messages.success(request, _done(request, notice, user, now))
        except Fault as fault:
            messages.error(request, fault.message)
        return redirect("notices:notice", notice.pk)
    context: dict[str, Any] = {
        "notice": notice, "reason": wording.reason(notice.reason), "previews": previews(notice),
        "label": audiences.label(notice.audience, notice.of, user, now), "mine": notice.made_by_id == user.pk,
        "may_approve": user.may("act.approve") and notice.made_by_id != user.pk, "may_write": user.may("notice.write"),
    }  # fmt: skip
    context |= _before(notice, now) if notice.state in (DRAFT, WAITING) else _after(request, notice)
    return render(request, "notices/notice.html", context)


def previews(notice: Notice) -> list[tuple[str, str]]:
    """What the notice says with made-up values: title and text."""
    values = {**variables.sample_values(), **notice.values}
    title, text = spoken(words_of(notice), notice.languages)
    return [(variables.filled(title, values), variables.filled(text, values))]


def _before(notice: Notice, now: int) -> dict[str, Any]:
    people = compose.counted(notice, now)
    return {
        "people": people, "takes_two": compose.takes_two(notice, people), "reached": queries.reached(notice, notice.made_by, now),
    }  # fmt: skip


def _after(request: HttpRequest, notice: Notice) -> dict[str, Any]:
    state = request.GET.get("state", "")
    page = page_of(request, queries.deliveries(notice, state))
    looked_at(row.worker_id for row in page if row.worker_id)
    titles, standing = dict(DELIVERY_STATES), queries.standing(notice)
    numbers = [(one, titles[one], sum(way.states.get(one, 0) for way in standing)) for one in queries.STATES]
    return {
        "standing": standing, "page": page, "state": state, "titles": [titles[one] for one in queries.STATES],
        "states": [one for one in numbers if one[2] or one[0] == state],
        "choosable": _choosable(page), "left": notice.state == QUEUED or notice.deliveries.filter(state=QUEUED).exists(),
    }  # fmt: skip


def _choosable(rows: Iterable[Delivery]) -> bool:
    """Whether any of these can be sent again."""
    return any(row.state in (DEAD, UNKNOWN) and row.shares_id is None for row in rows)


def _done(request: HttpRequest, notice: Notice, user: User, now: int) -> str:
    """Do what a button says; returns what to tell. Raises Fault."""
    what, chosen = request.POST.get("do", ""), forms.ids(request.POST.getlist("delivery"))
    if what == "approve":
        if not user.may("act.approve"):
            raise Http404
        compose.approve(notice_id=notice.pk, actor=user, now=now)
        return _("Agreed. It goes out now.")
    if not user.may("notice.write"):
        raise Http404
    mine = list(notice.deliveries.filter(pk__in=chosen).values_list("pk", flat=True))
    match what:
        case "confirm":
            shown = int(request.POST.get("shown", "0") or 0) if request.POST.get("shown", "0").isdecimal() else 0
            made = compose.confirm(
                notice_id=notice.pk, shown=shown, sure=bool(request.POST.get("sure")), actor=user, now=now
            )
            return _("It waits until a second person agrees.") if made.state == WAITING else _("It goes out now.")
        case "cancel":
            compose.cancel(notice_id=notice.pk, now=now)
            return _("Stopped: what has not gone out stays here.")
        case "again":
            number = deliveries.send_again(deliveries=mine, actor=user.pk, now=now)
            return ngettext("%(number)s goes out again.", "%(number)s go out again.", number) % {"number": number}
        case "arrived":
            number = deliveries.say_arrived(deliveries=mine, actor=user.pk, now=now)
            return ngettext("%(number)s noted as arrived.", "%(number)s noted as arrived.", number) % {"number": number}
    raise Http404


@require_http_methods(["GET", "POST"])
@requires("notice.write")
def trouble(request: HttpRequest) -> HttpResponse:
    """Dead letters and what nobody knows of, over all notices; whoever has looked into it sends again or says it arrived."""
    user, now = actor(request), clock.now()
    if request.method == "POST":
        chosen = list(
            queries.in_trouble(user)
            .filter(pk__in=forms.ids(request.POST.getlist("delivery")))
            .values_list("pk", flat=True)
        )
        act = deliveries.say_arrived if request.POST.get("do") == "arrived" else deliveries.send_again
        try:
            number = act(deliveries=chosen, actor=user.pk, now=now)
            messages.success(request, _("Done for %(number)s.") % {"number": number})
        except Fault as fault:
            messages.error(request, fault.message)
        return redirect("notices:trouble")
    page = page_of(request, queries.in_trouble(user))
    looked_at(row.worker_id for row in page if row.worker_id)
    return render(
        request, "notices/trouble.html", {"page": page, "kinds": dict(CHANNEL_KINDS), "choosable": _choosable(page)}
    )


@login_required
@require_GET
def attachment(request: HttpRequest, notice_id: UUID, attachment_id: UUID) -> HttpResponse:
    """A file of a notice, for whoever wrote it or got it."""
    user, now = actor(request), clock.now()
    if (
        not queries.notices_in(user).filter(pk=notice_id).exists()
        and queries.own_delivery(notice_id, user, now) is None
    ):
        raise Http404
    found = get_object_or_404(Attachment, pk=attachment_id, notice=notice_id)
    answer = HttpResponse(personal.decrypt_bytes(bytes(found.encrypted)), content_type=found.media_type)
    answer["Content-Disposition"] = f'attachment; filename="notice-{found.pk}"'
    return answer
