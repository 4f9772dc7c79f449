"""Those addresses of allauth that are reachable, under the names by which it finds them; the others don't exist."""

from __future__ import annotations

from django.urls import path

from fugong.base.signin import second, views

urlpatterns = [
    path("login/", views.Login.as_view(), name="account_login"),
    path("login/second-step/", second.Authenticate.as_view(), name="mfa_authenticate"),
    path("password/again/", views.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("second-step/", second.overview, name="mfa_index"),
    path("second-step/again/", second.Again.as_view(), name="mfa_reauthenticate"),
    path("second-step/on/", second.On.as_view(), name="mfa_activate_totp"),
    path("second-step/off/", second.Off.as_view(), name="mfa_deactivate_totp"),
    path("second-step/codes/", second.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("second-step/codes/new/", second.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
]
