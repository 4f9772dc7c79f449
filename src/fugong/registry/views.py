"""Pages of the registry: the town, enterprises, their sites and doors, a worker's file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from fugong.base import clock
from fugong.base.access import actor, requires
from fugong.base.paging import page_of
from fugong.registry import queries, services
from fugong.registry.forms import INDUSTRIES, Named, NewEnterprise, Setup, refuse
from fugong.registry.keeping import kept_until
from fugong.registry.models import Enterprise, Site, Town
from fugong.registry.services import RegistryError


@requires("town.write")
def setup(request: HttpRequest) -> HttpResponse:
    """The first page of an empty installation: which town it serves. Afterwards the town's name can be seen, not changed."""
    town = Town.objects.select_related("division").first()
    if town is not None:
        return redirect("registry:enterprises")
    form = Setup(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_town(**form.cleaned_data)
        except RegistryError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The town is set up. Next, register its enterprises."))
            return redirect("registry:enterprises")
    return render(request, "registry/setup.html", {"form": form}, status=422 if form.errors else 200)


@requires("enterprise.read")
def enterprises(request: HttpRequest) -> HttpResponse:
    """The enterprises in the user's scope: search, filter, paging."""
    now = clock.now()
    text, industry = request.GET.get("q", "").strip(), request.GET.get("industry", "")
    if industry not in dict(INDUSTRIES):
        industry = ""
    page = page_of(request, queries.enterprises(actor(request), text=text, industry=industry, at=now))
    context = {
        "page": page, "rows": queries.enterprise_rows(list(page), now), "q": text, "industry": industry,
        "industries": INDUSTRIES, "may_write": actor(request).may("town.write"),
    }  # fmt: skip
    return render(request, "registry/enterprises.html", context)


@requires("town.write")
def new_enterprise(request: HttpRequest) -> HttpResponse:
    """A form for one enterprise."""
    town = Town.objects.select_related("division").first()
    if town is None:
        return redirect("registry:setup")
    form = NewEnterprise(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enterprise = services.add_enterprise(
                **form.cleaned_data,
                division=town.division.code,
                now=clock.now(),
                source="page",
                actor=actor(request).pk,
            )
        except RegistryError as error:
            refuse(form, error)
        else:
            messages.success(request, _("“%(name)s” is registered. Next: a site and its doors.") % {"name": enterprise})
            return redirect("registry:sites", enterprise.pk)
    return render(request, "registry/new_enterprise.html", {"form": form}, status=422 if form.errors else 200)


@requires("enterprise.read")
def sites(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """An enterprise's sites and their doors, with forms to add one."""
    user = actor(request)
    enterprise = queries.enterprise_of(user, enterprise_id)
    may_write = user.may("roster.write")
    context = {
        "enterprise": enterprise, "may_write": may_write, "form": Named(prefix="site"),
        "sites": enterprise.sites.prefetch_related("doors").order_by("name"), "door_form": None, "door_site": None,
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "registry/sites.html", context | {"door_form": Named(prefix="door")})
    if not may_write:
        raise Http404
    site_id = request.POST.get("site")
    form = Named(request.POST, prefix="door" if site_id else "site")
    if form.is_valid():
        try:
            _add(enterprise_id, site_id, form.cleaned_data["name"])
        except RegistryError as error:
            refuse(form, error)
        else:
            messages.success(request, _("“%(name)s” was added.") % {"name": form.cleaned_data["name"]})
            return redirect("registry:sites", enterprise_id)
    door_form = form if site_id else Named(prefix="door")
    context |= {"form": Named(prefix="site") if site_id else form, "door_form": door_form, "door_site": site_id}
    return render(request, "registry/sites.html", context, status=422)


def _add(enterprise_id: UUID, site_id: str | None, name: str) -> None:
    """A door of a site of this enterprise, or, without a site, a new site."""
    if not site_id:
        services.add_site(name=name, enterprise=Enterprise.objects.get(pk=enterprise_id))
        return
    try:
        key = UUID(site_id)
    except ValueError:
        raise Http404 from None
    services.add_door(site=get_object_or_404(Site, pk=key, enterprise=enterprise_id), name=name)


@requires("enterprise.read", "file.read", "self.read")
def file(request: HttpRequest, worker_id: UUID) -> HttpResponse:
    """A worker's file: who they are, documents masked, and everything known with when, by whom and from where.

    To the worker it says besides what each fact is for, until when it is kept, and how to have it corrected.
    """
    user = actor(request)
    worker = queries.worker_of(user, worker_id)
    page = page_of(request, queries.timeline(worker.pk), 50)
    own = user.role.scope == "worker"
    context = {
        "worker": worker, "page": page, "lines": queries.lines(page, named=not own), "kept_until": kept_until(),
        "may_reveal": user.may("number.reveal"), "may_file": not own and user.may("roster.write"),
        "may_open_card": user.may("enterprise.read"),
    }  # fmt: skip
    return render(request, "registry/own_file.html" if own else "registry/file.html", context)
