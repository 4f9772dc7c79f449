"""Addresses of contact tracing."""

from __future__ import annotations

from django.urls import path

from fugong.tracing.views import case, listed, tasks

app_name = "tracing"
urlpatterns = [
    path("cases/", listed.page, name="cases"),
    path("cases/<uuid:case_id>/", case.page, name="case"),
    path("cases/<uuid:case_id>/contacts.xlsx", case.workbook, name="workbook"),
    path("disinfections/", tasks.listed, name="tasks"),
    path("disinfections/<uuid:task_id>/", tasks.page, name="task"),
]
