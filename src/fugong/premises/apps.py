from django.apps import AppConfig


class PremisesConfig(AppConfig):
    name = "fugong.premises"
    label = "premises"

    def ready(self) -> None:
        """The lists that this app takes in, its act, and what it knows so that nobody need be asked."""
        from fugong.premises import imports, known, reminders
        from fugong.premises.acts import declare_acts
        from fugong.registry import asked
        from fugong.registry.imports.declaration import register

        declare_acts()

        register(imports.REGISTERS)
        register(imports.CANTEEN_SEATS)
        reminders.register()
        asked.draw_from(known.source)
