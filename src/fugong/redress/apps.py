from django.apps import AppConfig


class RedressConfig(AppConfig):
    name = "fugong.redress"
    label = "redress"

    def ready(self) -> None:
        """What the worker's own card says of answers and of what they can ask for."""
        from fugong.clearance import parts
        from fugong.redress import own

        parts.add(own.part)
