from django.apps import AppConfig


class ObservationConfig(AppConfig):
    name = "fugong.observation"
    label = "observation"
