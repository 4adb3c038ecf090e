"""The short form of `make faults`: workers that are killed lose no message and repeat few."""

from __future__ import annotations

import os
from random import Random

import pytest
from django.db import connection

from tests.faults.webhooks import trial


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestWorkersThatAreKilled:
    def test_lose_nothing_and_repeat_under_the_same_number(self):
        url = os.environ["DATABASE_URL"]
        name = connection.settings_dict["NAME"]
        environment = {
            **os.environ,
            "DATABASE_URL": url.replace("/transfer_window?", f"/{name}?"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ENVIRONMENT": "development",
            "SECRET_KEY": "only for tests, where no signature is worth forging " * 2,
        }

        result = trial(environment, events=16, kills=3, chance=Random(4))

        assert result.right, result
        assert result.messages >= 2 * result.events
