from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class DigestsConfig(AppConfig):
    name = "talent.digests"
    verbose_name = gettext_lazy("Digests")

    def ready(self) -> None:
        from anymail.signals import tracking

        from talent.digests import removing
        from talent.digests.bounces import heard
        from talent.digests.roles import grant_roles
        from talent.registry.signals import removed

        tracking.connect(heard, dispatch_uid="digests.bounces")
        removed.connect(removing.forget, dispatch_uid="digests.removing")
        post_migrate.connect(grant_roles, sender=self)
