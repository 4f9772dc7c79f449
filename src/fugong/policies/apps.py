from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "fugong.policies"
    label = "policies"

    def ready(self) -> None:
        """The lists that this app takes in; what its measures still need to know of an enterprise; what teams hand over."""
        from fugong.policies import asking, imports, queries
        from fugong.registry import handouts
        from fugong.registry.asked import ask_for
        from fugong.registry.imports.declaration import register

        register(imports.SOCIAL_INSURANCE)
        register(imports.EVIDENCE_OF_PERSON)
        ask_for(asking.source)
        handouts.offer(queries.handouts)
