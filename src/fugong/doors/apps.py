from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "fugong.doors"
    label = "doors"
