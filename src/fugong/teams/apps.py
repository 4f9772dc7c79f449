from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "fugong.teams"
    label = "teams"
