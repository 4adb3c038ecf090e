"""How many requests two processes of the real server answer in a second."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from config.children import Child, stop_all
from tests.bench.records import BENCH_DIR, Record

CONNECTIONS = 8
HOST = "127.0.0.1"
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")


def add(found: dict[str, Any], record: Record, *, seconds: int) -> None:
    """Ask for the first address of each page for some seconds; writes "rate" to it."""
    port = free_port()
    server = Child(
        "bench-web",
        command(port),
        records=BENCH_DIR,
        environment={**record.environment, "PORT": str(port)},
        show=lambda name, line: print(f"{name} | {line}", file=sys.stderr),
    )
    try:
        wait_until_it_answers(port, server)
        for page in found["pages"].values():
            page["rate"] = rate(port, page["addresses"][0], seconds)
    finally:
        stop_all([server])


def command(port: int) -> list[str]:
    # As config/launch.py starts it.
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("config.wsgi:application", "--host", HOST, "--port", str(port), "--no-ws"),
        *("--workers", "2", "--blocking-threads", "4", "--backlog", "256"),
        *("--log-level", "warning"),
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_it_answers(port: int, server: Child) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not server.ended():
        with suppress(OSError):
            if (
                ask(http.client.HTTPConnection(HOST, port, timeout=2), "/healthz")
                == 200
            ):
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start: " + "\n".join(server.last_lines))


def ask(connection: http.client.HTTPConnection, address: str) -> int:
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    return response.status


def rate(port: int, address: str, seconds: int) -> float:
    if shutil.which("wrk"):
        return rate_by_wrk(port, address, seconds)
    return rate_by_threads(port, address, seconds)


def rate_by_wrk(port: int, address: str, seconds: int) -> float:
    done = subprocess.run(
        [
            *("wrk", "--threads", "2", "--connections", str(CONNECTIONS)),
            *("--duration", f"{seconds}s", "--timeout", "10s"),
            *("--header", "Accept-Encoding: gzip"),
            f"http://{HOST}:{port}{address}",
        ],
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=True,
    )
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{address} failed under load:\n{done.stdout}")
    found = RATE.search(done.stdout)
    return float(found[1]) if found else 0.0


def rate_by_threads(port: int, address: str, seconds: int) -> float:
    """Without wrk: the client takes its share of the two cores, so the rate is lower."""
    answered = [0] * CONNECTIONS
    until = time.monotonic() + seconds

    def keep_asking(number: int) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        while time.monotonic() < until:
            if ask(connection, address) == 200:
                answered[number] += 1
        connection.close()

    threads = [
        threading.Thread(target=keep_asking, args=(number,))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answered) / seconds
