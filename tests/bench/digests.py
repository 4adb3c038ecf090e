"""How fast digests leave: composed, recorded, handed over to a server that only counts them.

Two processes of `manage.py send_digests` beside what smtplib does with ready messages on one
connection that it keeps, both to the same sink. Each mail is written down on
the disk before the next one leaves, so the disk is timed as well. `python -m tests.bench.digests
prepare N` prepares N subscribers in the database of the environment.
"""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Any

import psutil

from config.development import BASE_DIR
from config.embedded.postgres import Postgres
from tests.bench import records

EVENTS = 10_000
WORKERS = 2
READY = 2_000
NOBODY = "reader@readers.example"


def measure(
    subscribers: int, stack: ExitStack, *, say: Callable[[str], None]
) -> dict[str, Any]:
    record = records.invented(EVENTS, stack, say=say)
    taken = records.BENCH_DIR / "taken"
    port = sink(taken, stack)
    record.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    say(f"{subscribers:,} subscribers: preparing them")
    found = run(record, "prepare", subscribers)
    say(f"{subscribers:,} subscribers: sending")
    found |= work(record, taken)
    found["disk"] = disk(records.BENCH_DIR / "written")
    sizes = [int(line.rpartition(" ")[2]) for line in taken.read_text().splitlines()]
    found["bytes"] = sum(sizes) // len(sizes)
    say("the same with ready messages")
    return found | run(record, "ready", found["bytes"])


def run(record: records.Record, what: str, number: int) -> dict[str, Any]:
    return records.run_module(record, "tests.bench.digests", what, str(number))


def sink(taken: Path, stack: ExitStack) -> int:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sink", str(taken)],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    assert process.stdout
    return int(process.stdout.readline())


def lines(taken: Path) -> int:
    with taken.open("rb") as file:
        return sum(1 for _line in file)


def work(record: records.Record, taken: Path) -> dict[str, Any]:
    """Runs the workers to their end: mails, seconds, processor time, memory in MB."""
    taken.write_bytes(b"")
    server = Postgres(records.BENCH_DIR / str(EVENTS) / "postgres").process()
    assert server
    database, python = used(server), used_by_children()
    began = time.monotonic()
    workers = [
        psutil.Popen(
            [sys.executable, "manage.py", "send_digests"],
            cwd=BASE_DIR,
            env=record.environment,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(WORKERS)
    ]
    memory: list[int] = []
    while any(worker.poll() is None for worker in workers):
        if workers[0].poll() is None and taken.stat().st_size:
            memory.append(workers[0].memory_info().rss // 2**20)
        time.sleep(0.5)
    return {
        "seconds": time.monotonic() - began,
        "sent": lines(taken),
        "python": used_by_children() - python,
        "database": used(server) - database,
        "memory": [memory[len(memory) // 10], memory[-2]],
        "load": os.getloadavg()[0],
    }


def used(server: psutil.Process) -> float:
    """Seconds of processor time of a PostgreSQL, with sessions that have ended."""
    found = server.cpu_times()
    seconds: float = sum(found[:4])
    return seconds + sum(sum(each.cpu_times()[:2]) for each in server.children())


def used_by_children() -> float:
    found = getrusage(RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def disk(file: Path) -> float:
    """Milliseconds until a page is on the disk for good."""
    times = []
    with file.open("wb") as target:
        for _ in range(200):
            target.write(b"x" * 8192)
            target.flush()
            began = time.monotonic()
            os.fdatasync(target.fileno())
            times.append(time.monotonic() - began)
    file.unlink()
    return median(times) * 1000


def told(found: dict[str, Any]) -> str:
    sent, rate = found["sent"], found["sent"] / found["seconds"]
    early, late = found["memory"]
    return (
        f"digests: {sent:,} of {found['bytes'] / 1024:.0f} KB to as many subscribers "
        f"with {found['filters']} different wishes, {WORKERS} processes: {rate:,.0f} a second\n"
        f"ready messages on one connection: smtplib {found['smtplib']:,.0f} a second, "
        f"ours {found['ours']:,.0f} (ratio {found['ours'] / found['smtplib']:.2f}, aim: 0.80)\n"
        f"digests beside smtplib: ratio {rate / found['smtplib']:.2f} (aim: 0.50)\n"
        f"processor time of a digest: Python {found['python'] / sent * 1000:.2f} ms, "
        f"PostgreSQL {found['database'] / sent * 1000:.2f} ms; a write to the disk takes "
        f"{found['disk']:.2f} ms, load {found['load']:.1f}\n"
        f"memory of a process: {early} MB after a tenth, {late} MB at the end"
    )


# -- In a process with the settings ----------------------------------------------------------


def prepare(subscribers: int) -> dict[str, Any]:
    """Everybody is due now and follows one of some forty things, which all have news."""
    from django.db import connection
    from django.utils import timezone

    from talent.digests.models import (
        Content,
        Delivery,
        DeliverySwitch,
        Follow,
        Subscriber,
    )
    from talent.registry.models import Event, Organization
    from tests.factories import SubscriberFactory

    for model in (Delivery, Subscriber, Content):
        model.objects.all().delete()
    now = timezone.now()
    lately = now - timedelta(hours=26)
    news = Event.objects.published().order_by("-happened_on", "-pk")[:400]
    Event.objects.filter(pk__in=news.values("pk")).update(published_at=lately)
    slugs = Organization.objects.order_by("pk").values_list("slug", flat=True)[:30]
    wishes = ["", "kind=hire", "kind=departure", *(f"company={slug}" for slug in slugs)]
    for start in range(0, subscribers, 10_000):
        made = Subscriber.objects.bulk_create(
            SubscriberFactory.build_batch(
                min(10_000, subscribers - start),
                frequency="weekly",
                weekday=now.weekday(),
                hour=0,
                started_at=now - timedelta(days=3),
                next_due_at=now - timedelta(hours=1),
            )
        )
        follows = [
            Follow(subscriber=each, query=query)
            for number, each in enumerate(made)
            for query in {"", wishes[number % len(wishes)]}
        ]
        Follow.objects.bulk_create(follows)
    Follow.objects.update(created_at=now - timedelta(days=3))
    ceilings = {"per_run": subscribers, "per_day": subscribers * 4}
    DeliverySwitch.objects.update_or_create(pk=1, defaults=ceilings)
    with connection.cursor() as cursor:
        # Real subscribers come one by one, and PostgreSQL knows how many they are.
        cursor.execute("ANALYZE")
    return {"filters": len(wishes)}


def ready(size: int) -> dict[str, Any]:
    """Messages a second of smtplib, and of our own connection, with ready bytes."""
    from django.conf import settings

    from talent.digests.outlets import outlet

    head = f"From: <a@b.example>\r\nTo: <{NOBODY}>\r\nMessage-ID: <1@b.example>\r\n\r\n"
    message = head.encode() + (b"x" * 70 + b"\r\n") * (size // 72)
    ours = outlet()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as theirs:
        found = {
            "smtplib": rate(lambda: theirs.sendmail("a@b.example", [NOBODY], message)),
            "ours": rate(
                lambda: ours.hand_over(
                    sender="a@b.example", recipient=NOBODY, message=message
                )
            ),
        }
    ours.close()
    return found


def rate(send: Callable[[], object]) -> float:
    began = time.monotonic()
    for _ in range(READY):
        send()
    return READY / (time.monotonic() - began)


def main() -> None:
    import json

    import django

    django.setup()
    what, number = sys.argv[1], int(sys.argv[2])
    print(json.dumps({"prepare": prepare, "ready": ready}[what](number)))


if __name__ == "__main__":
    main()
