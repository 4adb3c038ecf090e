from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "talent.intake"
    verbose_name = "Intake"

    def ready(self) -> None:
        from talent.intake.forgetting import forget_articles
        from talent.intake.removals import forget_removed
        from talent.registry.signals import removed

        removed.connect(forget_removed)
        removed.connect(forget_articles)
