from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class RegistryConfig(AppConfig):
    name = "talent.registry"
    verbose_name = gettext_lazy("The record")

    def ready(self) -> None:
        from talent.registry.roles import grant_roles

        post_migrate.connect(grant_roles, sender=self)
