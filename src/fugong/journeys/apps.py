from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "fugong.journeys"
    label = "journeys"
