from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy


class AccountsConfig(AppConfig):
    default = True
    name = "talent.accounts"
    verbose_name = gettext_lazy("Editors")


class CuratorAdminConfig(SimpleAdminConfig):
    """The Django admin, behind a second factor."""

    default = False
    default_site = "talent.accounts.site.CuratorSite"

    def ready(self) -> None:
        super().ready()
        autodiscover()
