from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "fugong.submissions"
    label = "submissions"

    def ready(self) -> None:
        """The list of vacancies that this app takes in, and what its lists still need to know."""
        from fugong.registry import asked
        from fugong.registry.imports.declaration import register
        from fugong.submissions import imports, unknown

        register(imports.VACANCIES)
        asked.ask_for(unknown.source)
