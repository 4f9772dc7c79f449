from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "fugong.base"
    label = "base"

    def ready(self) -> None:
        from fugong.base.errors import keep_ours

        keep_ours()
