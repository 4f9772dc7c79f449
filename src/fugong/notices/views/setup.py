"""What the town sets up: channels, templates, addresses, reminders."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.faults import Fault
from fugong.notices import variables, wording
from fugong.notices.channels.fields import FIELDS
from fugong.notices.channels.registry import ADAPTERS, LIMITS
from fugong.notices.errors import NoticeError
from fugong.notices.forms import Posted
from fugong.notices.models import CHANNEL_KINDS, PAGE, Address, Attempt, Channel, Reminding, Template
from fugong.notices.services import setup
from fugong.notices.services.compose import with_words

REMINDERS: dict[str, str | Promise] = {
    "register": gettext_lazy("today's register isn't filled in"),
    "test_due": gettext_lazy("a test is due before the next shift"),
    "bus": gettext_lazy("a bus leaves tomorrow"),
    "lapsing": gettext_lazy("the clearance lapses tomorrow"),
}


@require_GET
@requires("town.write")
def channels(request: HttpRequest) -> HttpResponse:
    """The town's channels, how each does, and what Fugong reminds of by itself."""
    last = {}
    rows = list(Channel.objects.exclude(kind=PAGE).order_by("name"))
    for attempt in Attempt.objects.filter(channel__in=rows).order_by("channel", "-asked_at").distinct("channel"):
        last[attempt.channel_id] = attempt
    switched = set(Reminding.objects.filter(on=True).values_list("name", flat=True))
    context = {
        "rows": [(one, last.get(one.pk)) for one in rows], "kinds": [one for one in CHANNEL_KINDS if one[0] != PAGE],
        "reminders": [(name, title, name in switched) for name, title in REMINDERS.items()], "now": clock.now(),
        "addresses": [(title, Address.objects.filter(kind=kind).count()) for kind, title in Address.KINDS],
    }  # fmt: skip
    return render(request, "notices/channels.html", context)


@require_http_methods(["GET", "POST"])
@requires("town.write")
def new_channel(request: HttpRequest, way: str) -> HttpResponse:
    """Set a channel up."""
    if way not in ADAPTERS or way == PAGE:
        raise Http404
    return _channel(request, way, None)


@require_http_methods(["GET", "POST"])
@requires("town.write")
def channel(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Change a channel; its secrets are never shown again."""
    found = get_object_or_404(Channel.objects.exclude(kind=PAGE), pk=channel_id)
    return _channel(request, found.kind, found)


def _channel(request: HttpRequest, kind: str, found: Channel | None) -> HttpResponse:
    adapter, posted = ADAPTERS[kind], Posted()
    if request.method == "POST":
        try:
            changed = _save(request, kind, found)
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("notices:channels")
        except Fault as fault:
            posted = Posted(
                {name: str(value) for name, value in request.POST.items()}, [], fault.message, fault.field or ""
            )
    elif found is not None:
        most = {"most": str(found.most), "seconds": str(found.seconds)}
        posted.values = {"name": found.name, "base_url": found.base_url, **found.settings, **most}
    else:
        posted.values = {"most": str(LIMITS[kind][0]), "seconds": str(LIMITS[kind][1])}
    kept = setup.secrets_kept(found) if found else set()

    def ticked(name: str, before: bool) -> bool:
        return name in posted.values if posted.wrong else before

    asked = (*adapter.needs, *adapter.may)
    context = {
        "posted": posted, "found": found, "title": dict(CHANNEL_KINDS)[kind], "adapter": adapter, "is_group": _is_group(kind),
        "settings": [(name, FIELDS[name], name in adapter.needs, posted.values.get(name, "")) for name in asked],
        "secrets": [(name, FIELDS[name], name in kept) for name in adapter.secrets],
        "automatic": ticked("automatic", found.automatic if found else False),
        "active": ticked("active", found.active if found else True),
    }  # fmt: skip
    return render(request, "notices/channel.html", context, status=422 if posted.wrong else 200)


def _is_group(kind: str) -> bool:
    return Channel(kind=kind).is_group


def _save(request: HttpRequest, kind: str, found: Channel | None) -> bool:
    """Keep what was typed; whether it is another than before. Raises Fault."""
    post, adapter = request.POST, ADAPTERS[kind]
    saved = setup.save_channel(
        kind=kind, name=post.get("name", ""), base_url=post.get("base_url", ""),
        settings={name: post.get(name, "").strip()[:300] for name in (*adapter.needs, *adapter.may)},
        secret={name: post.get(name, "")[:1_000] for name in adapter.secrets}, automatic=bool(post.get("automatic")),
        active=bool(post.get("active")), actor=actor(request).pk, now=clock.now(), most=_number(post.get("most")),
        seconds=_number(post.get("seconds")), channel_id=found.pk if found else None,
    )  # fmt: skip
    return saved.changed


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and 0 < int(text) < 1_000_000 else None


@require_GET
@requires("town.write")
def templates(request: HttpRequest) -> HttpResponse:
    """Every template, with what it says."""
    own = set(Template.objects.values_list("name", flat=True))
    rows = [(name, wording.words(name), name in own, name in wording.BUILT_IN) for name in wording.names()]
    return render(request, "notices/templates.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires("town.write")
def template(request: HttpRequest, template: str) -> HttpResponse:
    """Write a template (``new`` for a new one), see it with made-up values, or go back to the built-in one."""
    posted = Posted()
    name = "" if template == "new" else template
    if request.method == "POST" and request.POST.get("do") == "drop":
        setup.drop_template(name=name)
        return redirect("notices:templates")
    if request.method == "POST":
        say = with_words(*(request.POST.get(one, "")[:2_000] for one in ("title_zh", "title_en", "text_zh", "text_en")))
        try:
            setup.save_template(
                name=name or request.POST.get("name", ""), words=say, actor=actor(request).pk, now=clock.now()
            )
            messages.success(request, _("Saved."))
            return redirect("notices:templates")
        except Fault as fault:
            posted = Posted(
                {one: str(value) for one, value in request.POST.items()}, [], fault.message, fault.field or ""
            )
    elif name:
        if name not in wording.names():
            raise Http404
        posted.values = _of(name)
    context = {
        "name": name, "posted": posted, "preview": _preview(posted),
        "variables": [(one, found.title, found.personal) for one, found in variables.VARIABLES.items()],
        "own": Template.objects.filter(name=name).exists(), "built_in": name in wording.BUILT_IN,
    }  # fmt: skip
    return render(request, "notices/template.html", context, status=422 if posted.wrong else 200)


def _of(name: str) -> dict[str, str]:
    say = wording.words(name)
    return {"title_zh": say.title.zh, "title_en": say.title.en, "text_zh": say.text.zh, "text_en": say.text.en}


def _preview(posted: Posted) -> list[tuple[str, str]]:
    """What it says with made-up values, in both languages; nothing where it can't be filled in."""
    values, found = variables.sample_values(), []
    for language in ("zh", "en"):
        title, text = posted.values.get(f"title_{language}", ""), posted.values.get(f"text_{language}", "")
        if title or text:
            try:
                variables.used(title, text)
                found.append((variables.filled(title, values), variables.filled(text, values)))
            except NoticeError:
                continue
    return found


@require_http_methods(["GET", "POST"])
@requires("town.write")
def addresses(request: HttpRequest) -> HttpResponse:
    """Paste the ids of people at DingTalk or WeCom, or their e-mail addresses: encrypted, and never shown again."""
    posted = Posted({"kind": "dingtalk"})
    if request.method == "POST":
        kind, text = request.POST.get("kind", ""), request.POST.get("addresses", "")
        try:
            if kind not in dict(Address.KINDS):
                raise NoticeError("notices.setting", field="kind", name=_("kind"))
            number = setup.save_addresses(kind=kind, rows=setup.read_addresses(text), now=clock.now())
            if number:
                text = ngettext("%(number)s address was changed.", "%(number)s addresses were changed.", number)
                messages.success(request, text % {"number": number})
            else:
                messages.info(request, _("Nothing was changed."))
            return redirect("notices:channels")
        except Fault as fault:
            posted = Posted({"kind": kind, "addresses": text}, [], fault.message, fault.field or "")
    context = {"posted": posted, "kinds": Address.KINDS}
    return render(request, "notices/addresses.html", context, status=422 if posted.wrong else 200)


@require_POST
@requires("town.write")
def reminders(request: HttpRequest) -> HttpResponse:
    """Switch reminders on or off."""
    wanted = set(request.POST.getlist("remind"))
    for name in setup.REMINDERS:
        setup.switch(name=name, on=name in wanted, actor=actor(request).pk, now=clock.now())
    messages.success(request, _("Saved."))
    return redirect("notices:channels")
