from django.apps import AppConfig


class DigestsConfig(AppConfig):
    name = "talent.digests"
    verbose_name = "Digests"

    def ready(self) -> None:
        from anymail.signals import tracking

        from talent.digests import removing
        from talent.digests.bounces import heard
        from talent.registry.signals import removed

        tracking.connect(heard, dispatch_uid="digests.bounces")
        removed.connect(removing.forget, dispatch_uid="digests.removing")
