"""Addresses of journeys."""

from __future__ import annotations

from django.urls import path

from fugong.journeys import views
from fugong.journeys.arrival import views as arrival
from fugong.journeys.planning import views as planning
from fugong.journeys.survey import views as survey
from fugong.journeys.trips import crew_views, enterprise_views, list_views
from fugong.journeys.trips import views as trips

app_name = "journeys"
urlpatterns = [
    path("returning/", views.returning, name="returning"),
    path("returning/manifest/", views.manifest, name="manifest"),
    path("trips/", trips.trips, name="trips"),
    path("trips/new/", trips.new, name="new"),
    path("trips/plan/", planning.plan, name="plan"),
    path("trips/vehicles/", planning.vehicles, name="vehicles"),
    path("trips/places/", trips.places, name="places"),
    path("trips/<uuid:trip_id>/", trips.trip, name="trip"),
    path("trips/<uuid:trip_id>/do/", trips.do, name="do"),
    path("trips/<uuid:trip_id>/manifest.xlsx", trips.workbook, name="workbook"),
    path("trips/<uuid:trip_id>/manifest.pdf", trips.paper, name="paper"),
    path("trips/<uuid:trip_id>/list/", list_views.compared, name="list"),
    path("trips/<uuid:trip_id>/boarding/", crew_views.boarding, name="boarding"),
    path("trips/<uuid:trip_id>/arrivals/", arrival.arrivals, name="arrivals"),
    path("trips/risk-levels/", survey.levels, name="levels"),
    path("me/survey/", survey.mine, name="my_survey"),
    path("surveys/", survey.campaigns, name="campaigns"),
    path("surveys/<uuid:campaign_id>/", survey.campaign, name="campaign"),
    path("surveys/<uuid:campaign_id>/workers/<uuid:worker_id>/", survey.on_behalf, name="on_behalf"),
    path("enterprises/<uuid:enterprise_id>/seats/", enterprise_views.seats, name="seats"),
]
