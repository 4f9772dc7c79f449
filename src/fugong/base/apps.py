from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "fugong.base"
    label = "base"
