from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "fugong.submissions"
    label = "submissions"

    def ready(self) -> None:
        """The list of vacancies that this app takes in."""
        from fugong.registry.imports.declaration import register
        from fugong.submissions import imports

        register(imports.VACANCIES)
