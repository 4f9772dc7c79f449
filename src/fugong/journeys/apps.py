from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "fugong.journeys"
    label = "journeys"

    def ready(self) -> None:
        """The lists that this app takes in, and the acts that may wait for a second person."""
        from fugong.clearance import parts
        from fugong.journeys import imports, own
        from fugong.journeys.arrival import contacts
        from fugong.journeys.devices import lists, oddities, taking
        from fugong.journeys.trips import telling
        from fugong.registry.imports.declaration import register

        register(imports.SURVEYS)
        register(imports.ARRIVALS)
        register(imports.RISK_LEVELS)
        contacts.declare_acts()
        lists.register()
        taking.register()
        oddities.register()
        parts.add(own.part)
        telling.register()
