from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "fugong.sampling"
    label = "sampling"

    def ready(self) -> None:
        """The lists that this app takes in."""
        from fugong.sampling import imports
        from fugong.registry.imports.declaration import register

        register(imports.TESTS)
