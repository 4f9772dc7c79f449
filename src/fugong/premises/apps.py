from django.apps import AppConfig


class PremisesConfig(AppConfig):
    name = "fugong.premises"
    label = "premises"
