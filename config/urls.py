"""Addresses of the whole site. Pages are in talent.dashboard.urls and talent.digests.urls."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),  # set_language: the switch
    path(settings.ADMIN_PATH, admin.site.urls),
    path("", include("talent.opendata.urls")),
    path("", include("talent.digests.urls")),
    path("", include("talent.intake.urls")),
    path("", include("talent.dashboard.urls")),
]

if settings.DEVELOPMENT:
    urlpatterns.insert(0, path("mailbox/", include("config.mailbox")))

if settings.MAIL_PROVIDER:
    urlpatterns.insert(0, path("mail-events/", include("talent.digests.webhooks")))

handler400 = "talent.dashboard.views.errors.bad_request"
handler403 = "talent.dashboard.views.errors.permission_denied"
handler404 = "talent.dashboard.views.errors.page_not_found"
handler500 = "talent.dashboard.views.errors.server_error"
