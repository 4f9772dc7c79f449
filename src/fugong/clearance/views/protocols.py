"""Protocols: which are shipped, which is in force, and bringing one into force."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.background import Progress
from fugong.base.templatetags.fugong import for_input
from fugong.clearance import deputies, evaluation, packs, proposals, services
from fugong.clearance.forms import Adopt, Suspend, Upload
from fugong.clearance.models import Adoption
from fugong.clearance.views.waiting import streamed
from fugong.clearance.views.worker import PERMISSIONS
from fugong.core.protocol.pack import Pack, PackError, Parameter, load, shipped
from fugong.ledger import wording
from fugong.ledger.kinds import KINDS
from fugong.registry.models import Worker


@requires("town.read")
def protocols(request: HttpRequest, form: Upload | None = None, error: PackError | None = None) -> HttpResponse:
    """What is in force, what was, what will be; the packs that come with the program; and the upload of one's own."""
    now = clock.now()
    rows = Adoption.objects.select_related("actor", "approved_by", "suspended_by", "suspends").defer("text")
    adoptions = list(rows.order_by("-effective_from", "-recorded_at"))
    force = evaluation.force_at(now)
    current = next((adoption for adoption in adoptions if force and adoption.pk == force.adoption), None)
    context = {
        "adoptions": adoptions, "current": current, "now": now, "packs": _shipped(),
        "may_adopt": actor(request).may("protocol.adopt"), "form": form or Upload(), "error": error,
    }  # fmt: skip
    return render(request, "clearance/protocols.html", context, status=422 if form else 200)


def _shipped() -> dict[str, Pack]:
    return {name: _load_shipped(name, text) for name, text in shipped().items()}


_LOADED: dict[str, Pack] = {}


def _load_shipped(name: str, text: str) -> Pack:
    if name not in _LOADED:
        _LOADED[name] = load(text, name=name)
    return _LOADED[name]


@requires("town.read")
def shipped_pack(request: HttpRequest, name: str) -> HttpResponse:
    """A shipped pack in words, with the form that brings it into force."""
    found = _shipped()
    if name not in found:
        raise Http404
    return _show(request, found[name])


@requires("town.read")
def adopted(request: HttpRequest, adoption_id: UUID) -> HttpResponse:
    """An adopted pack, as it was then."""
    found = Adoption.objects.select_related("actor", "approved_by", "suspended_by")
    adoption = get_object_or_404(found, pk=adoption_id, suspends=None)
    return _show(request, load(adoption.text, name=adoption.pack), adoption=adoption)


@requires("protocol.adopt")
@require_POST
def upload(request: HttpRequest) -> HttpResponseBase:
    """A pack of one's own: what is wrong with it, with line and column; or the pack in words."""
    form = Upload(request.POST, request.FILES)
    if not form.is_valid():
        return protocols(request, form)
    try:
        pack = packs.checked(form.cleaned_data["pack"], name=str(request.FILES["pack"]))
    except PackError as error:
        return protocols(request, form, error)
    return _show(request, pack)


def _show(
    request: HttpRequest, pack: Pack, *, adoption: Adoption | None = None, form: Adopt | None = None,
    suspending: Suspend | None = None,
) -> HttpResponse:  # fmt: skip
    start = max(clock.now(), pack.in_force[0])
    initial = {"text": pack.text, "effective_from": for_input(start)}
    permissions = [
        (PERMISSIONS[name], [pack.requirements[one] for one in names]) for name, names in pack.permissions.items()
    ]
    context: dict[str, Any] = {
        "pack": pack, "adoption": adoption, "form": form or Adopt(initial=initial), "permissions": permissions,
        "parameters": [(one, _value(one)) for one in pack.parameters.values()], "requirements": list(pack.requirements.values()),
        "may_adopt": actor(request).may("protocol.adopt") and adoption is None,
    }  # fmt: skip
    if adoption is not None and actor(request).may("protocol.adopt") and not hasattr(adoption, "suspended_by"):
        later = max(clock.now(), adoption.effective_from)
        context["suspending"] = suspending or Suspend(initial={"effective_from": for_input(later)})
    wrong = (form and form.errors) or suspending
    return render(request, "clearance/pack.html", context, status=422 if wrong else 200)


def _value(parameter: Parameter) -> str:
    """A parameter's value in words: a choice may be a raw value of the ledger or the name of one of its fields."""
    value = str(parameter.value)
    titles = {field.name: str(field.title) for kind in KINDS.values() for field in kind.fields}
    return titles.get(value) or str(wording.CHOICES.get(value, value))


@requires("protocol.adopt")
@require_POST
def adopt(request: HttpRequest) -> HttpResponseBase:
    """Ask once more, then bring the pack into force and show how far it is."""
    form = Adopt(request.POST)
    try:
        pack = packs.checked(request.POST.get("text", ""))
    except PackError as error:
        return protocols(request, Upload(), error)
    if not form.is_valid():
        return _show(request, pack, form=form)
    if not form.cleaned_data["confirmed"]:
        return _confirm(request, pack, form)
    user, moment, now = actor(request), form.cleaned_data["effective_from"], clock.now()
    alone = proposals.is_first() and deputies.is_approver(user)

    def work(progress: Progress) -> Any:
        given: dict[str, Any] = {"text": pack.text, "effective_from": moment, "now": now, "actor": user.pk}
        if alone:
            return services.adopt(**given, progress=progress)
        return proposals.propose_pack(**given, progress=progress)

    return streamed(request, work, None, _("Evaluating everybody"))


@requires("protocol.adopt")
@require_POST
def suspend(request: HttpRequest, adoption_id: UUID) -> HttpResponseBase:
    """Propose that a protocol is suspended, with what that would do."""
    adoption = get_object_or_404(Adoption.objects.select_related("actor"), pk=adoption_id, suspends=None)
    form = Suspend(request.POST)
    if not form.is_valid():
        return _show(request, load(adoption.text, name=adoption.pack), adoption=adoption, suspending=form)
    user, moment, now = actor(request), form.cleaned_data["effective_from"], clock.now()

    def work(progress: Progress) -> Any:
        return proposals.propose_suspension(
            adoption_id=adoption_id, effective_from=moment, now=now, actor=user.pk, progress=progress
        )

    return streamed(request, work, None, _("Evaluating everybody"))


def _confirm(request: HttpRequest, pack: Pack, form: Adopt) -> HttpResponse:
    moment = form.cleaned_data["effective_from"]
    now = clock.now()
    context = {
        "pack": pack, "moment": moment, "past": moment < now, "workers": Worker.objects.count(), "text": pack.text,
        "typed": request.POST["effective_from"],
        "replaced": Adoption.objects.filter(effective_from__lt=moment).order_by("effective_from").last(),
        "first": proposals.is_first() and deputies.is_approver(actor(request)),
        "following": Adoption.objects.filter(effective_from__gt=moment).order_by("effective_from").first(),
    }  # fmt: skip
    return render(request, "clearance/confirm.html", context)
