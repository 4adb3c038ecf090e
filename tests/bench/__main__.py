"""The command line: which records, how long, and the table at the end."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack

from tests.bench import digests, exports, reader, records, table, throughput


def main() -> int:
    options = arguments()
    results, refreshes, readings, files = [], [], [], []
    with ExitStack() as stack:
        for record in chosen(options, stack):
            if options.changes or not options.record:
                say(f"{record.name}: refreshing the numbers, and their floor")
                refreshes.append(records.run_module(record, "tests.bench.refreshes"))
            say(f"{record.name}: timing the pages in one process")
            found = records.run_module(
                record, "tests.bench.timing", str(options.seconds)
            )
            if options.load:
                say(f"{record.name}: asking two processes for as much as they can")
                throughput.add(found, record, seconds=options.load)
            results.append(found)
            say(f"{record.name}: writing all events as files")
            files.append(records.run_module(record, "tests.bench.exports"))
            if not readings:
                say(f"{record.name}: reading headlines by its names")
                readings.append(records.run_module(record, "tests.bench.reader"))
        mail = None
        if options.digests and not options.record:
            mail = digests.measure(options.digests, stack, say=say)
    print()
    print(table.pages(results))
    if len(results) > 1:
        print()
        print(table.growth(results[0], results[-1]))
    if refreshes:
        print()
        print(table.refreshes(refreshes))
    for found in files:
        print()
        print(exports.told(found))
    for found in readings:
        print()
        print(reader.told(found))
    if mail:
        print()
        print(digests.told(mail))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--events",
        type=int,
        action="append",
        metavar="N",
        help="a record of this size; may be repeated (default: 10000, 100000 and 1000000)",
    )
    parser.add_argument(
        "--record",
        metavar="DATABASE_URL",
        action="append",
        default=[],
        help="instead: a database that holds a record already; needs REDIS_URL",
    )
    parser.add_argument(
        "--changes",
        action="store_true",
        help="with --record: refresh its numbers too. That empties and fills the derived tables, "
        "and edits events and a company and edits them back",
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
    parser.add_argument(
        "--digests",
        type=int,
        default=100_000,
        metavar="N",
        help="send a digest to so many subscribers; 0 leaves it out (default: 100000)",
    )
    return parser.parse_args()


def chosen(options: argparse.Namespace, stack: ExitStack) -> list[records.Record]:
    if options.record:
        return [records.existing(url) for url in options.record]
    sizes = sorted(set(options.events or (10_000, 100_000, 1_000_000)))
    return [records.invented(size, stack, say=say) for size in sizes]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
