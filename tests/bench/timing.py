"""Times the pages inside one process, without a network: `python -m tests.bench.timing`.

A request goes through every middleware to a finished, compressed response. Each page is
timed with a warm cache, and cold: as on its first visit after a change, with every cache
emptied.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

LEAST, MOST = 40, 200


def main() -> None:
    django.setup()
    from django.db import connection

    from tests.bench.pages import pages

    seconds = float(sys.argv[1])
    ask = asking()
    found = {}
    for name, addresses in pages().items():
        try:
            found[name] = measured(ask, addresses, seconds=seconds)
        except Fails as fails:
            print(fails, file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_event")
        (events,) = cursor.fetchone()
    json.dump({"events": events, "pages": found}, sys.stdout)


class Fails(Exception):
    """A page that answers something else than 200 is left out of the table."""


def measured(
    ask: Callable[[str], float], addresses: list[str], *, seconds: float
) -> dict[str, Any]:
    most = max(queries(ask, address) for address in addresses)
    for address in addresses:
        ask(address)
    return {
        "addresses": addresses,
        "queries": most,
        "warm": timed(ask, addresses, seconds=seconds),
        "cold": timed(lambda each: ask(unseen(each)), addresses, seconds=seconds),
        "ahead": drawn_ahead(ask, addresses, seconds=seconds),
    }


def drawn_ahead(
    ask: Callable[[str], float], addresses: list[str], *, seconds: float
) -> dict[str, float] | None:
    """The first visit in a process, where a worker has drawn the page; None of other pages."""
    from django.core.cache import caches

    from talent.dashboard.ahead import draw_pages
    from talent.dashboard.caching import shared_addresses

    shared = [each for each in addresses if each in shared_addresses("en")]
    if not shared:
        return None
    unseen(shared[0])
    draw_pages()

    def ask_anew(address: str) -> float:
        caches["pages"].clear()
        return ask(address)

    return timed(ask_anew, shared, seconds=seconds)


def asking() -> Callable[[str], float]:
    """A function that asks for an address and returns how many seconds the answer took."""
    from django.core.handlers.base import BaseHandler
    from django.test import RequestFactory

    handler = BaseHandler()
    handler.load_middleware()
    requests = RequestFactory(
        headers={
            "host": "localhost",
            "accept-encoding": "gzip",
            "accept-language": "en",
        }
    )

    def ask(address: str) -> float:
        request = requests.get(address)
        began = time.perf_counter()
        response = handler.get_response(request)
        took = time.perf_counter() - began
        if response.status_code != 200:
            raise Fails(f"{address} answers {response.status_code}.")
        return took

    return ask


def queries(ask: Callable[[str], float], address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = unseen(address)
    with CaptureQueriesContext(connection) as captured:
        ask(address)
    return len(captured)


def unseen(address: str) -> str:
    """The address as on its first visit: with nothing cached, of no page and no part."""
    from django.core.cache import caches

    for each in caches.all():
        each.clear()
    return address


def timed(
    ask: Callable[[str], float], addresses: list[str], *, seconds: float
) -> dict[str, float]:
    """Median and 95th percentile in milliseconds, over all addresses in turn."""
    took: list[float] = []
    until = time.monotonic() + seconds
    while len(took) < MOST and (len(took) < LEAST or time.monotonic() < until):
        took.append(ask(addresses[len(took) % len(addresses)]) * 1000)
    took.sort()
    return {
        "p50": took[len(took) // 2],
        "p95": took[min(int(len(took) * 0.95), len(took) - 1)],
        "n": len(took),
    }


if __name__ == "__main__":
    main()
