from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "fugong.registry"
    label = "registry"

    def ready(self) -> None:
        """Lists and facts are taken in as acts, which may have to wait for a second person; the audit asks who is who."""
        from fugong.audit import directory
        from fugong.registry.acts import declare_acts
        from fugong.registry.directory import Directory

        directory.register(Directory())
        declare_acts()
