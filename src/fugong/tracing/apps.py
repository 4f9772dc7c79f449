from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "fugong.tracing"
    label = "tracing"

    def ready(self) -> None:
        """The acts that may wait for a second person, and what a contact reads on their own card."""
        from fugong.clearance import parts
        from fugong.tracing import own
        from fugong.tracing.services import acts

        acts.declare_acts()
        parts.add(own.part)
