"""Records to measure on: invented ones in private servers, or a database that exists."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from config.development import BASE_DIR, VAR_DIR
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

BENCH_DIR = VAR_DIR / "bench"
SEED = 1


@dataclass(frozen=True, slots=True)
class Record:
    """A loaded database, and the environment of processes that read it."""

    name: str
    environment: dict[str, str]


def environment(database: str, redis: str) -> dict[str, str]:
    return {
        **os.environ,
        "ENVIRONMENT": "development",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "of a measurement that signs nothing of value " * 2,
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "STATIC_ROOT": str(BENCH_DIR / "static"),
        "LOG_LEVEL": "WARNING",
    }


def existing(url: str) -> Record:
    redis = os.environ.get("REDIS_URL")
    if not redis:
        sys.exit("REDIS_URL is not set: name the cache that pages may use.")
    record = Record(urlsplit(url).path.strip("/"), environment(url, redis))
    manage(record, "collectstatic", "--no-input", "--verbosity", "0")
    return record


def invented(events: int, stack: ExitStack, *, say: Callable[[str], None]) -> Record:
    """The record with this many events: loaded once, then kept under var/bench/."""
    directory = BENCH_DIR / str(events)
    postgres, valkey = Postgres(directory / "postgres"), Valkey(BENCH_DIR / "valkey")
    for server in (postgres, valkey):
        stack.callback(server.release)
        say(server.hold())
    record = Record(f"{events:,} events", environment(postgres.url, valkey.url))
    manage(record, "migrate", "--verbosity", "0")
    mark = directory / "loaded"
    if not mark.exists():
        data = directory / "data"
        say(f"{record.name}: inventing and loading them, once")
        manage(
            record,
            "synthesize",
            str(data),
            "--events",
            str(events),
            "--seed",
            str(SEED),
        )
        manage(record, "load_starter", str(data))
        shutil.rmtree(data)
        mark.touch()
    manage(record, "collectstatic", "--no-input", "--verbosity", "0")
    return record


def manage(record: Record, *arguments: str) -> None:
    """Run a command of manage.py; its output is told only where it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=record.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(
            f"{done.stdout}{done.stderr}\n{' '.join(arguments)} failed. "
            f"To begin with a fresh record, remove {BENCH_DIR}."
        )


def run_module(record: Record, module: str, *arguments: str) -> dict[str, Any]:
    """What the module prints as JSON. A process of its own: settings load only once."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=BASE_DIR,
        env=record.environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{module} failed on {record.name}.")
    found: dict[str, Any] = {"record": record.name, **json.loads(done.stdout)}
    return found
