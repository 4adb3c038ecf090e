from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistryConfig(AppConfig):
    name = "talent.registry"
    verbose_name = "The record"

    def ready(self) -> None:
        from talent.registry.roles import grant_roles

        post_migrate.connect(grant_roles, sender=self)
