"""The Celery application: `celery -A config worker` and `celery -A config beat`."""

import os
import warnings
from typing import Any

from celery import Celery, signals
from celery.exceptions import CPendingDeprecationWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("transfer_window")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

if os.environ.get("ENVIRONMENT") == "development":
    # A container's root on a developer's machine knows that it is root.
    warnings.filterwarnings("ignore", message="You're running the worker with super")


@signals.setup_logging.connect
def use_the_settings_of_django(**_: Any) -> None:
    """Keep Celery from installing log handlers of its own."""


@signals.worker_ready.connect
def keep_warnings_to_the_point(**_: Any) -> None:
    """Leave out one that Celery repeats at each lost connection.

    From version 6 on it will cancel late-acknowledged tasks then. Ours may run twice
    without harm either way. Celery switches its warnings on while starting, so this
    comes after.
    """
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)


@signals.worker_init.connect
def look_at_the_database(**_: Any) -> None:
    """Say what the database lacks once, when the worker starts."""
    from config.preflight import log_problems

    log_problems()
