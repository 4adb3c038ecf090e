"""Where a mail provider reports bounces and complaints: django-anymail's own view, for one.

Only included where MAIL_PROVIDER names it; MAIL_WEBHOOK_SECRET guards it.
"""

from anymail.urls import urlpatterns as of_all_providers
from django.conf import settings

app_name = "anymail"
urlpatterns = [
    each
    for each in of_all_providers
    if each.name.startswith(settings.MAIL_PROVIDER) and "inbound" not in each.name
]
