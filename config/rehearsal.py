"""Runs a manage.py command as production would, on the embedded servers.

`python -m config.rehearsal check --deploy` is how `make check` proves that the settings
hold in production without a production server at hand.
"""

import os
import secrets
import subprocess
import sys

from config import development
from config.development import BASE_DIR


def main() -> int:
    development.attach()
    environment = {
        **os.environ,
        "ENVIRONMENT": "production",
        "DEBUG": "off",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "transfer-window.example",
        "WEB_PROCESS": "on",
    }
    command = [sys.executable, "manage.py", *sys.argv[1:]]
    return subprocess.run(
        command, cwd=BASE_DIR, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
