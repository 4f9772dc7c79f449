from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "fugong.doors"
    label = "doors"

    def ready(self) -> None:
        """What a door's reasons mean, wherever checks are shown; the pass on the worker's own card."""
        from fugong.clearance import parts
        from fugong.doors.decisions import meanings
        from fugong.doors.passes import reading
        from fugong.doors.passes import views as passes
        from fugong.ledger import wording
        from fugong.registry import scans

        wording.speak(meanings)
        parts.add(passes.part)
        scans.register(reading.whose)
