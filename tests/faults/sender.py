"""Workers without Celery, for a trial that has little time: `python -m tests.faults.sender`.

For each line of input it forks a process that sends what is due until it is ended, and prints
that process's number. Loading everything is done once.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta


def main(lease: float) -> None:
    import django

    django.setup()
    from tests.digests import plain_desk  # noqa: F401 - loaded before the first fork

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        if number := os.fork():
            print(number, flush=True)
        else:
            send(lease)


def send(lease: float) -> None:
    from talent.digests import delivery, ledger
    from tests.digests.plain_desk import PlainDesk

    ledger.LEASE = timedelta(seconds=lease)
    while True:
        delivery.send_due(desk=PlainDesk)
        time.sleep(0.1)


if __name__ == "__main__":
    main(float(sys.argv[1]))
