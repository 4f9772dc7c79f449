"""Who might take a vacant post: proposed, never assigned."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fugong.base import clock
from fugong.base.access import looked_at, requires
from fugong.base.paging import page_of
from fugong.submissions.lists import Asked, kinds
from fugong.submissions.matching import proposals
from fugong.submissions.models import VACANCIES


@require_GET
@requires("town.write")
def match(request: HttpRequest) -> HttpResponse:
    """For a vacant post the people who are free and may work now, or nearly."""
    now = clock.now()
    post, skill = request.GET.get("post", "")[:100], ""
    vacant = [one for one in kinds()[VACANCIES].page(Asked(now), 500, 0) if not post or one.values["post"] == post]
    posts = sorted({one.values["post"] for one in vacant})
    if post and vacant:
        skill = str(vacant[0].values["skill"])
    page = page_of(request, proposals(post, skill, now) if post else [], 50)
    looked_at(one.worker for one in page)
    context = {"post": post, "posts": posts, "vacant": vacant[:20] if post else [], "page": page, "rows": list(page)}
    return render(request, "submissions/match.html", context)
