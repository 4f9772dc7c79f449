"""Addresses of policies."""

from __future__ import annotations

from django.urls import path

from fugong.policies.views import claims, documents, enterprise, measures

app_name = "policies"
urlpatterns = [
    path("policies/", documents.listed, name="documents"),
    path("policies/new/", documents.new, name="new"),
    path("policies/documents/<uuid:policy_id>/", documents.document, name="document"),
    path("policies/documents/<uuid:policy_id>/file/", documents.file, name="file"),
    path("policies/measures/", measures.listed, name="measures"),
    path("policies/measures/<uuid:measure_id>/", measures.measure, name="measure"),
    path("policies/measures/<uuid:measure_id>/enterprises/<uuid:enterprise_id>/", measures.people, name="people"),
    path("policies/claims/", claims.listed, name="claims"),
    path("policies/claims/<uuid:claim_id>/", claims.claim, name="claim"),
    path("enterprises/<uuid:enterprise_id>/policies/", enterprise.page, name="enterprise"),
]
