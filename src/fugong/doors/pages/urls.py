"""The addresses of the pages around the doors."""

from __future__ import annotations

from django.urls import path

from fugong.doors.pages import badges, devices, misfits, pins, sites, visitors

urlpatterns = [
    path("enterprises/<uuid:enterprise_id>/badges/", badges.printing, name="badges"),
    path("enterprises/<uuid:enterprise_id>/badges/sheets.pdf", badges.sheets, name="badge_sheets"),
    path("enterprises/<uuid:enterprise_id>/badges/<str:badge_id>/revoke/", badges.revoke, name="revoke_badge"),
    path("doors/<uuid:door_id>/devices/", devices.listed, name="devices"),
    path("doors/<uuid:door_id>/devices/<uuid:device_id>/revoke/", devices.revoke, name="revoke_device"),
    path("door-pin/", pins.own, name="pin"),
    path("sites/", sites.sites, name="sites"),
    path("sites/<uuid:site_id>/inside/", sites.inside, name="inside"),
    path("sites/<uuid:site_id>/evacuation/", sites.evacuation, name="evacuation"),
    path("sites/<uuid:site_id>/arrangement/", sites.arrangement, name="arrangement"),
    path("sites/<uuid:site_id>/visitors/", visitors.listed, name="visitors"),
    path("sites/<uuid:site_id>/visitors/<uuid:visit_id>/left/", visitors.leave, name="visitor_left"),
    path("sites/<uuid:site_id>/misfits/", misfits.listed, name="misfits"),
    path("sites/<uuid:site_id>/checks/<uuid:check_id>/", misfits.check, name="site_check"),
    path("sites/<uuid:site_id>/checks/<uuid:check_id>/left/", sites.left, name="left"),
]
