from django.apps import AppConfig


class ObservationConfig(AppConfig):
    name = "fugong.observation"
    label = "observation"

    def ready(self) -> None:
        from fugong.clearance import parts
        from fugong.observation import audience, own

        parts.add(own.part)
        audience.register()
