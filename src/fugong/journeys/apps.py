from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "fugong.journeys"
    label = "journeys"

    def ready(self) -> None:
        """The lists that this app takes in."""
        from fugong.journeys import imports
        from fugong.registry.imports.declaration import register

        register(imports.SURVEYS)
        register(imports.ARRIVALS)
        register(imports.RISK_LEVELS)
