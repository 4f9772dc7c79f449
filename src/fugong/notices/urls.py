"""The pages of notices."""

from __future__ import annotations

from django.urls import path

from fugong.notices.views import desk, own, setup

app_name = "notices"
urlpatterns = [
    path("notices/", desk.listed, name="notices"),
    path("notices/new/", desk.new, name="new"),
    path("notices/trouble/", desk.trouble, name="trouble"),
    path("notices/channels/", setup.channels, name="channels"),
    path("notices/channels/new/<str:way>/", setup.new_channel, name="new_channel"),
    path("notices/channels/<uuid:channel_id>/", setup.channel, name="channel"),
    path("notices/templates/", setup.templates, name="templates"),
    path("notices/templates/<str:template>/", setup.template, name="template"),
    path("notices/addresses/", setup.addresses, name="addresses"),
    path("notices/reminders/", setup.reminders, name="reminders"),
    path("notices/<uuid:notice_id>/", desk.detail, name="notice"),
    path("notices/<uuid:notice_id>/edit/", desk.edit, name="edit"),
    path("notices/<uuid:notice_id>/files/<uuid:attachment_id>/", desk.attachment, name="attachment"),
    path("me/notices/", own.mine, name="mine"),
    path("me/notices/<uuid:notice_id>/", own.read, name="read"),
    path("n/<str:token>/", own.opened, name="open"),
]
