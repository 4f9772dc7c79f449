from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "fugong.registry"
    label = "registry"

    def ready(self) -> None:
        """Lists and facts are taken in as acts, which may have to wait for a second person."""
        from fugong.registry.acts import declare_acts

        declare_acts()
