from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "fugong.sampling"
    label = "sampling"
