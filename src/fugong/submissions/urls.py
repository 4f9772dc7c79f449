"""Addresses of lists upward."""

from __future__ import annotations

from django.urls import path

from fugong.submissions.models import NOT_RETURNED, VACANCIES
from fugong.submissions.views import enterprise, layouts, lists, matching, signed

app_name = "submissions"
urlpatterns = [
    path("lists/", lists.start, name="start"),
    path("lists/not-returned/", lists.listed, {"kind": NOT_RETURNED}, name="not_returned"),
    path("lists/vacancies/", lists.listed, {"kind": VACANCIES}, name="vacancies"),
    path("lists/vacancies/match/", matching.match, name="match"),
    path("lists/signed/<uuid:signed_id>/", signed.signed, name="signed"),
    path("lists/signed/<uuid:signed_id>/list.xlsx", signed.workbook, name="workbook"),
    path("lists/layouts/", layouts.layouts, name="layouts"),
    path("lists/layouts/<uuid:layout_id>/layout.xlsx", layouts.file, name="layout"),
    path("enterprises/<uuid:enterprise_id>/vacancies/", enterprise.vacancies, name="vacancies_of"),
]
