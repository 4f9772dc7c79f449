from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "fugong.sampling"
    label = "sampling"

    def ready(self) -> None:
        """The lists that this app takes in; the test on the worker's own card."""
        from fugong.clearance import parts
        from fugong.registry.imports.declaration import register
        from fugong.sampling import imports, own

        register(imports.TESTS)
        parts.add(own.part)
