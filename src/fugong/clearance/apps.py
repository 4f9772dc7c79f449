from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "fugong.clearance"
    label = "clearance"

    def ready(self) -> None:
        """New facts renew clearances, in the same transaction; what takes from many waits for a second person."""
        from fugong.clearance import parts, reminders
        from fugong.clearance.acts import Guarding
        from fugong.clearance.proposals import declare_acts
        from fugong.clearance.services import Renewal
        from fugong.ledger.acts import guard
        from fugong.ledger.services import listen
        from fugong.notices import own

        listen(Renewal())
        declare_acts()
        guard(Guarding())
        parts.add(own.part)
        reminders.register()
