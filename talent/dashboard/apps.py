from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "talent.dashboard"

    def ready(self) -> None:
        from talent.dashboard import embeds_frozen
        from talent.registry.signals import removed

        removed.connect(embeds_frozen.forget, dispatch_uid="dashboard.embeds")
