"""The results as tables of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Result = dict[str, Any]


LEGEND = """
Milliseconds of server time in one process, from the request to the compressed answer.
cold: the first visit, with every cache empty. ahead: the first visit in a process, of a page that
a worker has drawn since the last change. Else: opened before, nothing changed since.
requests/s: two processes of the real server, of the page's first address, opened before.
queries: of a cold one."""


def pages(results: Iterable[Result]) -> str:
    """One line for each page and record."""
    lines = [
        (
            *("page", "events", "queries", "p50", "p95", "p50 cold", "p95 cold"),
            *("p50 ahead", "requests/s", "of trivial"),
        )
    ]
    for result in results:
        trivial = result["pages"]["trivial view"].get("rate")
        for name, page in result["pages"].items():
            rate, ahead = page.get("rate"), page.get("ahead")
            lines.append(
                (
                    name,
                    f"{result['events']:,}",
                    str(page["queries"]),
                    *(f"{page['warm'][each]:.1f}" for each in ("p50", "p95")),
                    *(f"{page['cold'][each]:.1f}" for each in ("p50", "p95")),
                    f"{ahead['p50']:.1f}" if ahead else "–",
                    f"{rate:,.0f}" if rate else "–",
                    f"1/{trivial / rate:.0f}" if rate and trivial else "–",
                )
            )
    return aligned(lines) + LEGEND


def growth(small: Result, large: Result) -> str:
    """How much longer the larger record takes."""
    lines = [
        ("page", "p95 ratio", "p95 ratio cold", "p95 / p50", "p95 / p50 cold"),
    ]
    both = [name for name in large["pages"] if name in small["pages"]]
    for name in both:
        before, page = small["pages"][name], large["pages"][name]
        lines.append(
            (
                name,
                f"{page['warm']['p95'] / before['warm']['p95']:.2f}",
                f"{page['cold']['p95'] / before['cold']['p95']:.2f}",
                f"{page['warm']['p95'] / page['warm']['p50']:.2f}",
                f"{page['cold']['p95'] / page['cold']['p50']:.2f}",
            )
        )
    title = f"{large['events']:,} events against {small['events']:,}"
    return f"{title}\n{aligned(lines)}"


FULL = {"empty": "from empty tables", "unchanged": "nothing changed"}
EDITS = {
    "person": "an event of an ordinary person",
    "at largest": "an event at the largest company",
    "rename": "the name of the largest company",
    "seat": "the seat of the largest company",
}


def refreshes(results: Sequence[Result]) -> str:
    """Full refreshes beside the floor of hand-written SQL, then edits beside the smallest record.

    Of both, "points" are the survival curves of every company and seat.
    """
    lines = [("full refresh", "events", "s", "floor s", "ratio", "MB", "of server")]
    for result in results:
        full, floor = result["full"], sum(result["floor"].values())
        for name, label in FULL.items():
            took = full[name] + full["points"]
            times = (f"{took:.1f}", f"{floor:.1f}", f"{took / floor:.1f}")
            memory = (f"{full[each]:.0f}" for each in ("process", "server"))
            lines.append((label, f"{result['events']:,}", *times, *memory))
    after = [("refresh after an edit of", "events", "ms", "ratio")]
    for result in results:
        for name, label in EDITS.items():
            took, least = result["edits"][name], results[0]["edits"][name]
            ratio = f"{took / least:.2f}"
            after.append((label, f"{result['events']:,}", f"{took:.1f}", ratio))
    differ = results[-1]["differences"]
    told = ", ".join(f"{name} {share:+.1%}" for name, share in differ.items())
    return f"{aligned(lines)}\nthe floor counts: {told} (see floor.sql)\n\n{aligned(after)}"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
