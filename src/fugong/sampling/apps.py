from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "fugong.sampling"
    label = "sampling"

    def ready(self) -> None:
        """The lists that this app takes in."""
        from fugong.registry.imports.declaration import register
        from fugong.sampling import imports

        register(imports.TESTS)
