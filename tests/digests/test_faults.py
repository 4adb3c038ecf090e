"""The short form of `make faults`: senders that are killed lose nothing and repeat little."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from config.development import BASE_DIR
from talent.digests.models import Delivery, Subscriber
from tests.digests.relay import relay
from tests.factories import SubscriberFactory
from tests.faults.digests import Trial

RECIPIENTS, KILLS = 120, 3
LEASE_SECONDS = 1.0


class Senders:
    """Two at a time, started again when they end."""

    def __init__(self, port: int) -> None:
        self.chance = Random(4)
        url = os.environ["DATABASE_URL"]
        name = connection.settings_dict["NAME"]
        self.environment = {
            **os.environ,
            "DATABASE_URL": url.replace("/transfer_window?", f"/{name}?"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ENVIRONMENT": "development",
            "SECRET_KEY": "only for tests, where no signature is worth forging " * 2,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        }
        self.nursery = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.faults.sender",
                str(LEASE_SECONDS),
                "digests",
            ],
            cwd=BASE_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.senders: list[int] = []

    def tend(self) -> None:
        while len(self.senders) < 2:
            self.nursery.stdin.write(b"\n")
            self.nursery.stdin.flush()
            self.senders.append(int(self.nursery.stdout.readline()))

    def kill_worker(self) -> None:
        os.kill(self.senders.pop(self.chance.randrange(2)), signal.SIGKILL)
        self.tend()

    def end(self) -> None:
        for number in self.senders:
            os.kill(number, signal.SIGKILL)
        self.nursery.communicate()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestSendersThatAreKilled:
    def test_lose_nothing_and_repeat_one_mail_each_at_most(self, tmp_path: Path):
        now = timezone.now()
        Subscriber.objects.bulk_create(
            SubscriberFactory.build_batch(
                RECIPIENTS,
                frequency="daily",
                started_at=now - timedelta(days=3),
                next_due_at=now - timedelta(hours=1),
            )
        )
        taken = tmp_path / "taken"
        taken.write_bytes(b"")
        with relay(tmp_path, delay=0.004, file=taken) as server:
            senders = Senders(server.port)
            trial = Trial(taken, RECIPIENTS, senders)
            try:
                trial.run(KILLS, {})
            finally:
                senders.end()

        assert trial.report(Delivery.objects.filter(uncertain=True).count()) == 0
        assert Delivery.objects.sent().count() == RECIPIENTS
