from django.apps import AppConfig


class PremisesConfig(AppConfig):
    name = "fugong.premises"
    label = "premises"

    def ready(self) -> None:
        """The lists that this app takes in, and its act."""
        from fugong.premises import imports, reminders
        from fugong.premises.acts import declare_acts
        from fugong.registry.imports.declaration import register

        declare_acts()

        register(imports.REGISTERS)
        register(imports.CANTEEN_SEATS)
        reminders.register()
