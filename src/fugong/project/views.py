"""The way home: each role begins with its own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fugong.base.access import actor
from fugong.base.models import User
from fugong.project.menu import menu
from fugong.registry.models import Town


def home(request: HttpRequest) -> HttpResponse:
    """Lead to the first page of the user's menu; an administrator of an empty installation to its set-up."""
    if not request.user.is_authenticated:
        return redirect("base:login")
    user = actor(request)
    if user.may("town.write") and not Town.objects.exists():
        return redirect("registry:setup")
    first = _first_page(user)
    return redirect(first) if first else render(request, "home.html")


def _first_page(user: User) -> str | None:
    entries = menu(user, reverse("home"))
    return entries[0].address if entries else None
