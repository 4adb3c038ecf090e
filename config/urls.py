"""Addresses of the whole site. Pages are in talent.dashboard.urls and talent.digests.urls."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz
from config.languages import change_language
from config.robots import robots
from talent.dashboard.views.oembed import oembed

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("language/<str:language>/", change_language, name="change_language"),
    path("robots.txt", robots, name="robots"),
    # For programs: one address in all languages.
    path("oembed", oembed, name="oembed"),
    path("", include("talent.opendata.urls")),
    # For people: in English as they stand here, in Chinese after /zh-hans/.
    *i18n_patterns(
        path(settings.ADMIN_PATH, admin.site.urls),
        path("", include("talent.opendata.page_urls")),
        path("", include("talent.digests.urls")),
        path("", include("talent.intake.urls")),
        path("", include("talent.dashboard.urls")),
        prefix_default_language=False,
    ),
]

if settings.DEVELOPMENT:
    urlpatterns.insert(0, path("mailbox/", include("config.mailbox")))

if settings.MAIL_PROVIDER:
    urlpatterns.insert(0, path("mail-events/", include("talent.digests.webhooks")))

handler400 = "talent.dashboard.views.errors.bad_request"
handler403 = "talent.dashboard.views.errors.permission_denied"
handler404 = "talent.dashboard.views.errors.page_not_found"
handler500 = "talent.dashboard.views.errors.server_error"
