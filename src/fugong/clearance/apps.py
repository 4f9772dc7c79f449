from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "fugong.clearance"
    label = "clearance"
