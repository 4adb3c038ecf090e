from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class InsightsConfig(AppConfig):
    name = "talent.insights"
    verbose_name = gettext_lazy("Insights")

    def ready(self) -> None:
        from talent.insights.tasks import refresh_soon
        from talent.registry.signals import record_changed

        record_changed.connect(refresh_soon, dispatch_uid="insights.refresh_soon")
