"""A process that refreshes is killed while it writes, and two are at work at once."""

from __future__ import annotations

import os
import time

import pytest
from django.db import connection, transaction

from talent.insights.models import Refresh, Stint, Touched
from talent.insights.refresh import refresh_all, refresh_touched
from talent.registry.models import Event
from tests.factories import NOON, EventFactory
from tests.faults.refreshes import check, kill, numbers, start, wait_until_free

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def environment():
    """Of a process that works on the database of the tests."""
    here, there = os.environ["DATABASE_URL"], connection.settings_dict["NAME"]
    address, options = here.split("?", 1)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
        "DATABASE_URL": f"{address.rsplit('/', 1)[0]}/{there}?{options}",
    }


@pytest.fixture
def record():
    for year in range(2010, 2022):
        EventFactory(published=True, happened_on=f"{year}-03-01")
    refresh_all(at=NOON)
    Event.objects.update(founder=True)


def wait_until_it_writes() -> None:
    """Until another process waits for the table of moves: its stints are written by then."""
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
                " AND relation = 'insights_move'::regclass)"
            )
            if cursor.fetchone() == (True,):
                return
            time.sleep(0.02)
    raise AssertionError("The refresh did not come to the table of moves.")


class TestAKilledProcess:
    @pytest.mark.parametrize("arguments", [(), ("--all",)])
    def test_leaves_the_old_numbers_and_the_next_run_finishes(
        self, record, environment, arguments
    ):
        before = numbers()

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE insights_move IN SHARE MODE")
            child = start(arguments, environment)
            wait_until_it_writes()
            kill(child)
        wait_until_free()

        assert numbers() == before
        assert not Stint.objects.filter(founder=True).exists()
        assert Touched.objects.count() == 12
        assert Refresh.objects.latest("pk").outcome == Refresh.Outcome.RUNNING

        refresh_touched(at=NOON)

        assert Stint.objects.filter(founder=True).count() == 12
        assert not Touched.objects.exists()
        check()


class TestTwoAtOnce:
    def test_do_no_harm(self, record, environment):
        children = [start(("--all",), environment) for _ in range(2)]

        assert [child.wait(timeout=60) for child in children] == [0, 0]
        check()
        assert Stint.objects.filter(founder=True).count() == 12
