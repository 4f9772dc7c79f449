"""The pages of the daily register."""

from __future__ import annotations

from django.urls import path

from fugong.premises import views
from fugong.premises.pages import canteen, dormitories, hygiene, rounds, stock, town

app_name = "premises"
_OF = "enterprises/<uuid:enterprise_id>/"
urlpatterns = [
    path("enterprises/<uuid:enterprise_id>/register/", views.workshop, name="workshop"),
    path("enterprises/<uuid:enterprise_id>/register/undo/", views.take_back, name="take_back"),
    path("enterprises/<uuid:enterprise_id>/register/<uuid:worker_id>/", views.exception, name="exception"),
    path(f"{_OF}dormitories/", dormitories.rooms, name="dormitories"),
    path(f"{_OF}dormitories/round/", rounds.round_, name="round"),
    path(f"{_OF}dormitories/round.pdf", rounds.sheet, name="round_sheet"),
    path(f"{_OF}dormitories/missing/", rounds.absences, name="absences"),
    path(f"{_OF}dormitories/<uuid:room_id>/", dormitories.room, name="room"),
    path(f"{_OF}upkeep/", hygiene.upkeep, name="upkeep"),
    path(f"{_OF}upkeep/sheet.pdf", hygiene.sheet, name="upkeep_sheet"),
    path(f"{_OF}upkeep/<uuid:cleaning_id>/photo/", hygiene.photo, name="photo"),
    path(f"{_OF}canteen/", canteen.canteen, name="canteen"),
    path(f"{_OF}canteen/seats.pdf", canteen.sheet, name="seating_sheet"),
    path(f"{_OF}supplies/", stock.supplies, name="supplies"),
    path(f"{_OF}supplies/hand-out/", stock.issue, name="issue"),
    path(f"{_OF}supplies/sheet.pdf", stock.sheet, name="supplies_sheet"),
    path("premises/", town.overview, name="town"),
    path("premises/rooms/", town.rooms, name="town_rooms"),
    path("premises/disinfections/", town.overdue, name="town_overdue"),
    path("premises/supplies/", town.supplies, name="town_supplies"),
    path("me/register/", views.mine, name="mine"),
]
