"""The pages of clearance."""

from __future__ import annotations

from django.urls import path

from fugong.clearance.views import enterprise, protocols, waiting, worker

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
    path("protocols/<uuid:adoption_id>/suspend/", protocols.suspend, name="suspend"),
    path("waiting/", waiting.listed, name="waiting"),
    path("waiting/told/", waiting.told, name="told"),
    path("waiting/deputies/", waiting.name_deputy, name="name_deputy"),
    path("waiting/reviews/<uuid:review_id>/", waiting.reviewed, name="reviewed"),
    path("waiting/<uuid:act_id>/", waiting.act, name="waiting_act"),
    path("waiting/<uuid:act_id>/count/", waiting.recount, name="recount"),
    path("waiting/<uuid:act_id>/agree/", waiting.agree, name="agree"),
    path("waiting/<uuid:act_id>/refuse/", waiting.refuse, name="refuse"),
    path("waiting/<uuid:act_id>/withdraw/", waiting.withdraw, name="withdraw"),
    path("waiting/<uuid:act_id>/send/", waiting.send, name="send"),
]
