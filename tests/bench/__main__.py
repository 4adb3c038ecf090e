"""The command line: which records, how long, and the table at the end."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

from tests.bench import records, table, throughput


def main() -> int:
    options = arguments()
    results = []
    with ExitStack() as stack:
        for record in chosen(options, stack):
            say(f"{record.name}: timing the pages in one process")
            found = records.run_module(
                record, "tests.bench.timing", str(options.seconds)
            )
            if options.load:
                say(f"{record.name}: asking two processes for as much as they can")
                throughput.add(found, record, seconds=options.load)
            results.append(found)
    print()
    print(table.pages(results))
    if len(results) > 1:
        print()
        print(table.growth(results[0], results[-1]))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--events",
        type=int,
        action="append",
        metavar="N",
        help="a record of this size; may be repeated (default: 10000 and 1000000)",
    )
    parser.add_argument(
        "--record",
        metavar="DATABASE_URL",
        action="append",
        default=[],
        help="instead: a database that holds a record already; needs REDIS_URL",
    )
    parser.add_argument(
        "--seconds", type=float, default=8, help="for each page at most (default: 8)"
    )
    parser.add_argument(
        "--load",
        type=int,
        default=4,
        metavar="SECONDS",
        help="of full load for each page; 0 leaves it out (default: 4)",
    )
    return parser.parse_args()


def chosen(options: argparse.Namespace, stack: ExitStack) -> list[records.Record]:
    if options.record:
        return [records.existing(url) for url in options.record]
    sizes = sorted(set(options.events or (10_000, 1_000_000)))
    return [records.invented(size, stack, say=say) for size in sizes]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
