"""Addresses of observation sites."""

from __future__ import annotations

from django.urls import path

from fugong.observation.views import board, desk, papers, people, planning, rounds, stay, town

app_name = "observation"
_PLACE = "observation/<uuid:place_id>/"
urlpatterns = [
    path("site/", people.people, name="people"),
    path("observation/", town.overview, name="overview"),
    path("observation/new/", town.new, name="new"),
    path("observation/plan/", planning.page, name="plan"),
    path(_PLACE, board.page, name="board"),
    path(f"{_PLACE}rooms/", town.offered, name="rooms"),
    path(f"{_PLACE}keep/", town.keep, name="keep"),
    path(f"{_PLACE}round/", rounds.page, name="round"),
    path(f"{_PLACE}round/worker.js", rounds.worker, name="round_worker"),
    path(f"{_PLACE}round/entries/", rounds.entries, name="entries"),
    path(f"{_PLACE}round/sheet.pdf", rounds.sheet, name="sheet"),
    path(f"{_PLACE}round/paper/", rounds.paper, name="paper"),
    path(f"{_PLACE}book/", desk.day_book, name="day_book"),
    path(f"{_PLACE}cleaning/", desk.rooms_to_clean, name="cleaning"),
    path(f"{_PLACE}staff/", desk.staff, name="staff"),
    path("observation/stays/<uuid:stay_id>/", stay.page, name="stay"),
    path("observation/stays/<uuid:stay_id>/certificate.pdf", papers.certificate, name="certificate"),
    path("me/observation/certificate.pdf", papers.own_certificate, name="own_certificate"),
]
