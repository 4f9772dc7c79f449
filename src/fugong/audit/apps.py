from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "fugong.audit"
    label = "audit"

    def ready(self) -> None:
        from fugong.audit import services
        from fugong.base import access

        access.keep_looks(services.keep_looks)
