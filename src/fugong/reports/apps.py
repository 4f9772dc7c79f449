from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "fugong.reports"
    label = "reports"
