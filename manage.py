#!/usr/bin/env python
"""Django's command line.

In a clone without configuration (no SECRET_KEY, no DATABASE_URL, no ENVIRONMENT) this
is a development copy: the command finds its private PostgreSQL and Redis under var/,
starting them if `make run` has not, and they stop with their last user. See
config/development.py.
"""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config import development
    from config.embedded import CannotStart

    try:
        if development.declare():
            development.attach(serve=development.needs_servers(sys.argv[1:]))
        _ = settings.INSTALLED_APPS
    except (ImproperlyConfigured, CannotStart) as refusal:
        sys.exit(str(refusal))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
