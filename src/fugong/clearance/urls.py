"""The pages of clearance."""

from __future__ import annotations

from django.urls import path

from fugong.clearance.views import enterprise, protocols, worker

app_name = "clearance"
urlpatterns = [
    path("me/", worker.me, name="me"),
    path("workers/", worker.workers, name="workers"),
    path("workers/<uuid:worker_id>/", worker.worker, name="worker"),
    path("enterprises/<uuid:enterprise_id>/", enterprise.enterprise, name="enterprise"),
    path("enterprises/<uuid:enterprise_id>/lapsing/", enterprise.lapsing, name="lapsing"),
    path("protocols/", protocols.protocols, name="protocols"),
    path("protocols/shipped/<slug:name>/", protocols.shipped_pack, name="shipped"),
    path("protocols/upload/", protocols.upload, name="upload"),
    path("protocols/adopt/", protocols.adopt, name="adopt"),
    path("protocols/<uuid:adoption_id>/", protocols.adopted, name="adopted"),
]
