"""Loaded before everything (`-p tests.plugin`): names the test servers to the settings.

pytest-django imports the settings before any conftest.py, so the addresses must be in
the environment by then; the servers themselves start in conftest.py, when a test needs
them.

Each test run takes a free slot under var/tests/, so two runs in one clone do not share
a database. xdist workers inherit their controller's slot: one PostgreSQL for all (each
has its own database there), one Valkey each.
"""

import fcntl
import itertools
import os
import sys
from pathlib import Path

# Before anything of config is imported: it defaults to the real settings.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"

from config.embedded.postgres import Postgres  # noqa: E402
from config.embedded.valkey import Valkey  # noqa: E402

TESTS_DIR = Path(__file__).resolve().parent.parent / "var" / "tests"


def take_slot() -> Path:
    """The directory of the first free slot, ours until this process ends."""
    for number in itertools.count():
        slot = TESTS_DIR / str(number)
        slot.mkdir(parents=True, exist_ok=True)
        lock = os.open(slot / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return slot  # the lock stays open on purpose
    raise AssertionError("unreachable")


if "TEST_SLOT" not in os.environ:
    os.environ["TEST_SLOT"] = str(take_slot())
SLOT = Path(os.environ["TEST_SLOT"])
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

POSTGRES = Postgres(SLOT / "postgres", durable=False)
VALKEY = Valkey(SLOT / f"valkey-{WORKER}")
os.environ["DATABASE_URL"] = POSTGRES.url
os.environ["REDIS_URL"] = VALKEY.url
# pytest-playwright keeps an event loop in the main thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# Rewriting the assertions of every test takes seconds: keep it for the next run, also
# where containers ask not to.
sys.dont_write_bytecode = False
