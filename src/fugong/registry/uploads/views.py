"""Pages for uploads: choose a list, look at what would happen, take it in, hand back the marked sheet."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fugong.base import background, clock
from fugong.base.access import actor, requires
from fugong.base.faults import Text
from fugong.base.models import User
from fugong.base.tables import TableError, template
from fugong.registry.imports.lists import WORKERS, List, all_lists, list_of
from fugong.registry.models import Enterprise, Upload
from fugong.registry.queries import enterprise_of
from fugong.registry.scope import enterprises_in, uploads_in
from fugong.registry.uploads import preview, services

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _list(kind: str, user: User) -> List:
    """The kind of list, if there is one that the user may upload (404 otherwise)."""
    found = list_of(kind)
    if found is None or not found.open_to(user.role):
        raise Http404
    return found


def _upload(request: HttpRequest, upload_id: UUID) -> Upload:
    """An upload in the user's scope (404 otherwise); what is older than a day has no content any more."""
    user = actor(request)
    services.purge(now=clock.now())
    upload = get_object_or_404(uploads_in(user), pk=upload_id)
    _list(upload.kind, user)
    return upload


@requires("roster.write", "facts.write")
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Every kind of list that the user may upload, each with its template."""
    user = actor(request)
    services.purge(now=clock.now())
    mine = [one for one in all_lists() if one.open_to(user.role)]
    return render(request, "registry/uploads/lists.html", {"lists": mine, "own": _own(user)})


def _own(user: User) -> Enterprise | None:
    """The enterprise of those who act for one."""
    return get_object_or_404(Enterprise, pk=user.scope_id) if user.role.scope == "enterprise" else None


@requires("roster.write")
def roster(request: HttpRequest, enterprise_id: UUID) -> HttpResponse:
    """A new roster of an enterprise."""
    user = actor(request)
    return _new(request, _list(WORKERS, user), enterprise_of(user, enterprise_id))


@requires("facts.write")
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new list of facts: of the user's own enterprise, of the one that was chosen, or of the whole town."""
    user = actor(request)
    found = _list(kind, user)
    if found.kind == WORKERS:
        raise Http404
    enterprise = _own(user)
    code = request.POST.get("enterprise", request.GET.get("enterprise", "")).strip().upper()
    if enterprise is None and code and found.about != "division":
        enterprise = enterprises_in(user).filter(credit_code=code).first()
        if enterprise is None:
            said = _("No enterprise has the credit code “%(code)s”.") % {"code": code}
            return _form(request, found, None, said, code=code)
    return _new(request, found, enterprise, code)


def _new(request: HttpRequest, found: List, enterprise: Enterprise | None, code: str = "") -> HttpResponse:
    if request.method != "POST":
        return _form(request, found, enterprise, code=code)
    now, user = clock.now(), actor(request)
    try:
        filename, content = sent(request)
        upload = services.keep(
            kind=found.kind, enterprise=enterprise, filename=filename, content=content, now=now, actor=user.pk
        )
    except TableError as error:
        return _form(request, found, enterprise, error.message, code=code)
    return redirect("uploads:upload", upload.pk)


def sent(request: HttpRequest) -> tuple[str, bytes]:
    """The file, or the pasted rows. Raises TableError."""
    file = request.FILES.get("file")
    if file is not None:
        if (file.size or 0) > services.MAX_BYTES:
            raise TableError("upload.too_large", found=f"{(file.size or 0) / 2**20:.1f}")
        return file.name or "list.xlsx", file.read()
    pasted = request.POST.get("rows", "")
    if not pasted.strip():
        raise TableError("upload.nothing_chosen")
    name = _("pasted rows")
    return f"{name}.tsv", pasted.encode()


def _form(
    request: HttpRequest, found: List, enterprise: Enterprise | None, trouble: str = "", *, code: str = ""
) -> HttpResponse:
    context = {
        "list": found, "enterprise": enterprise, "trouble": trouble, "code": code,
        "rows": request.POST.get("rows", ""), "own": _own(actor(request)), "limit": services.MAX_BYTES // 2**20,
    }  # fmt: skip
    return render(request, "registry/uploads/new.html", context, status=422 if trouble else 200)


@requires("roster.write", "facts.write")
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """A list before it is taken in (a form changes what its columns are), or what came of it."""
    found, now = _upload(request, upload_id), clock.now()
    if found.state == Upload.WAITING:
        return redirect("clearance:waiting_act", found.result["act"])
    if found.state == Upload.DONE:
        return render(request, "registry/uploads/done.html", {"upload": found, "list": list_of(found.kind)})
    view = preview.look(found, now)
    if request.method == "POST" and view.sheets:
        services.revise(upload=found, overrides=preview.revised(view, found, request.POST.dict()))
        if not request.htmx:  # type: ignore[attr-defined]  # django-htmx puts it there
            return redirect("uploads:upload", found.pk)
        view = preview.look(found, now)
    return _shown(request, found, view)


def _shown(request: HttpRequest, found: Upload, view: preview.Preview, status: int = 200) -> HttpResponse:
    context = {"upload": found, "view": view, "list": view.what, "leavers": preview.leavers(view, found)}
    return render(request, "registry/uploads/preview.html", context, status=status)


@requires("roster.write", "facts.write")
@require_POST
def take_in(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    """Take the list in; a repeat is harmless. Of many rows a bar says how far it is."""
    found, now = _upload(request, upload_id), clock.now()
    leavers = [UUID(text) for text in request.POST.getlist("leaver") if _is_id(text)]
    work = partial(services.apply, upload_id=found.pk, leavers=leavers, now=now, actor=actor(request).pk)
    try:
        return background.worked(
            request, rows_of(request), lambda progress: work(progress=progress), heading=str(_title(found)), said=_said,
            back=reverse("uploads:upload", args=[found.pk]), quiet=True,
        )  # fmt: skip
    except TableError:
        return _shown(request, found, preview.look(found, now), status=422)


def rows_of(request: HttpRequest) -> int:
    """How many rows the page with the button counted: only how the work is shown depends on it."""
    typed = request.POST.get("rows", "")
    return int(typed[:9]) if typed.isdecimal() else 0


def _title(found: Upload) -> Text:
    what = list_of(found.kind)
    assert what is not None
    return what.title


def _said(found: Upload) -> str:
    if found.state == Upload.WAITING:
        return _("Nothing was changed yet: a second person has to agree.")
    return _("The list is taken in.")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@requires("roster.write", "facts.write")
@require_POST
def forget(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Delete the content of a list now."""
    found = _upload(request, upload_id)
    services.forget(upload=found)
    if found.state == Upload.DONE:
        return redirect("uploads:upload", found.pk)
    return redirect("uploads:lists")


@requires("roster.write", "facts.write")
@require_GET
def marked(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The user's own sheet with the cells marked."""
    found = _upload(request, upload_id)
    try:
        content = services.marked(found, clock.now())
    except TableError as error:
        raise Http404(error.message) from None
    stem = found.shown_name.rpartition(".")[0] or found.shown_name
    ending = _("to correct")
    return _download(content, f"{stem}-{ending}.xlsx")


@requires("roster.write", "facts.write")
@require_GET
def empty(request: HttpRequest, kind: str) -> HttpResponse:
    """The template of a list, in the user's language."""
    found = _list(kind, actor(request))
    return _download(template(found.spec(clock.now()), get_language() or "zh-hans"), f"{found.title}.xlsx")


def _download(content: bytes, filename: str) -> HttpResponse:
    from django.utils.http import content_disposition_header

    headers = {"Content-Disposition": content_disposition_header(True, filename) or "attachment"}
    return HttpResponse(content, content_type=SHEET, headers=headers)
