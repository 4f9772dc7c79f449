from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "fugong.registry"
    label = "registry"
