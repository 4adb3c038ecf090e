from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class IntakeConfig(AppConfig):
    name = "talent.intake"
    verbose_name = gettext_lazy("Intake")

    def ready(self) -> None:
        from talent.intake.forgetting import forget_articles, forget_rows
        from talent.intake.removals import forget_removed
        from talent.registry.signals import removed

        removed.connect(forget_removed)
        removed.connect(forget_articles)
        removed.connect(forget_rows)
