from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class OpenDataConfig(AppConfig):
    name = "talent.opendata"
    verbose_name = gettext_lazy("Open data")

    def ready(self) -> None:
        from django.db.models import Subquery

        from talent.insights import version
        from talent.opendata.hooks import removing
        from talent.opendata.models import DataSet
        from talent.opendata.tasks import forget_soon
        from talent.registry.signals import removed

        # Pages say how to cite them: from the newest data set.
        newest = DataSet.objects.order_by("-pk").values("pk")[:1]
        version.beside["data_set"] = Subquery(newest)
        removed.connect(forget_soon, dispatch_uid="opendata.forget_soon")
        removed.connect(removing.forget, dispatch_uid="opendata.removing")
