from django.apps import AppConfig


class ClearanceConfig(AppConfig):
    name = "fugong.clearance"
    label = "clearance"

    def ready(self) -> None:
        """New facts renew clearances, in the same transaction."""
        from fugong.clearance.services import Renewal
        from fugong.ledger.services import listen

        listen(Renewal())
