from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "fugong.policies"
    label = "policies"

    def ready(self) -> None:
        """The lists that this app takes in."""
        from fugong.policies import imports
        from fugong.registry.imports.declaration import register

        register(imports.VACANCIES)
