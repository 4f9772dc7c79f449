"""Addresses of the service teams, of visits and of problems."""

from __future__ import annotations

from django.urls import path

from fugong.teams.app import views as app
from fugong.teams.views import days, people, places, problems, visits

app_name = "teams"
urlpatterns = [
    path("teams/", people.teams, name="teams"),
    path("teams/areas/", people.areas, name="areas"),
    path("teams/leads/", people.leads, name="leads"),
    path("teams/places/", places.places, name="places"),
    path("teams/places/<uuid:enterprise_id>/", places.place, name="place"),
    path("teams/patches/<uuid:patch_id>/share/", people.share, name="share"),
    path("teams/<uuid:team_id>/", people.team, name="team"),
    path("teams/<uuid:team_id>/day/", days.day, name="day"),
    path("problems/", problems.board, name="problems"),
    path("problems/<uuid:problem_id>/", problems.page, name="problem"),
    path("enterprises/<uuid:enterprise_id>/problems/new/", problems.new, name="new_problem"),
    path("visits/<uuid:call_id>/", visits.page, name="visit"),
    path("visits/pictures/<uuid:picture_id>/", visits.picture, name="picture"),
    path("visits/app/", app.page, name="app"),
    path("visits/app/manifest.webmanifest", app.manifest, name="app_manifest"),
    path("visits/app/sw.js", app.worker, name="app_worker"),
    path("visits/app/words/<str:language>.json", app.words, name="app_words"),
]
