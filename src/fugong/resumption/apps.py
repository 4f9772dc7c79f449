from django.apps import AppConfig


class ResumptionConfig(AppConfig):
    name = "fugong.resumption"
    label = "resumption"

    def ready(self) -> None:
        """The lists that this app takes in, its acts, what it asks enterprises, and what it keeps of facts."""
        from fugong.ledger import services as ledger
        from fugong.registry import asked
        from fugong.registry.imports.declaration import register
        from fugong.resumption import imports, readiness
        from fugong.resumption.services import output, review

        register(imports.RESUMPTIONS)
        register(imports.CAPACITY)
        review.declare_acts()
        asked.ask_for(readiness.wanted)
        asked.ask_for(output.wanted)
        ledger.listen(output.Keeping())
