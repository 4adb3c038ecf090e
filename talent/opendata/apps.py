from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "talent.opendata"
    verbose_name = "Open data"
