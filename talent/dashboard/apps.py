from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "talent.dashboard"

    def ready(self) -> None:
        from django.db.models import Subquery

        from talent.dashboard import embeds_frozen
        from talent.insights import version
        from talent.registry.models import Wave
        from talent.registry.signals import removed

        # The menu names the waves where there are any.
        published = Wave.objects.published().order_by("pk").values("pk")[:1]
        version.beside["waves"] = Subquery(published)
        removed.connect(embeds_frozen.forget, dispatch_uid="dashboard.embeds")
