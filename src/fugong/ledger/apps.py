from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "fugong.ledger"
    label = "ledger"
