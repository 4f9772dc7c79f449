from django.apps import AppConfig


class PremisesConfig(AppConfig):
    name = "fugong.premises"
    label = "premises"

    def ready(self) -> None:
        """The lists that this app takes in."""
        from fugong.premises import imports
        from fugong.registry.imports.declaration import register

        register(imports.REGISTERS)
