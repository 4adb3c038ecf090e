"""Workers without Celery, for a trial that has little time: `python -m tests.faults.sender 1 WHAT`.

For each line of input it forks a process that sends what is due until it is ended, and prints
that process's number. Loading everything is done once. WHAT is digests or webhooks; the number
before it is for how many seconds a claim lasts.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta


def main(lease: float, what: str) -> None:
    import django

    django.setup()
    # Loaded before the first fork.
    send = {"digests": digests, "webhooks": webhooks}[what](timedelta(seconds=lease))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        if number := os.fork():
            print(number, flush=True)
        else:
            while True:
                send()
                time.sleep(0.1)


def digests(lease: timedelta) -> Callable[[], object]:
    from talent.digests import delivery, ledger
    from tests.digests.plain_desk import PlainDesk

    ledger.LEASE = lease
    return lambda: delivery.send_due(desk=PlainDesk)


def webhooks(lease: timedelta) -> Callable[[], object]:
    from django.utils import timezone

    from talent.opendata.hooks import ledger, planning, sending

    ledger.LEASE = lease
    planning.GATHERED = timedelta(seconds=0.2)

    def tell() -> None:
        planning.plan(at=timezone.now())
        sending.send_due()

    return tell


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2])
