from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "fugong.doors"
    label = "doors"

    def ready(self) -> None:
        """What a door's reasons mean, wherever checks are shown."""
        from fugong.doors.decisions import meanings
        from fugong.ledger import wording

        wording.speak(meanings)
