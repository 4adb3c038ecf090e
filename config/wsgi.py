"""The door for a WSGI server: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Read by the settings, so said before they load: a page's statements have a time limit.
os.environ["WEB_PROCESS"] = "on"

application = get_wsgi_application()

from config.preflight import log_problems  # noqa: E402  (needs the settings)

log_problems()
