"""The results as tables of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Result = dict[str, Any]


def pages(results: Iterable[Result]) -> str:
    """One line for each page and record; milliseconds of server time in one process."""
    lines = [
        (
            *("page", "events", "queries", "p50", "p95", "p50 cold", "p95 cold"),
            *("requests/s", "of trivial"),
        )
    ]
    for result in results:
        trivial = result["pages"]["trivial view"].get("rate")
        for name, page in result["pages"].items():
            rate = page.get("rate")
            lines.append(
                (
                    name,
                    f"{result['events']:,}",
                    str(page["queries"]),
                    *(f"{page['warm'][each]:.1f}" for each in ("p50", "p95")),
                    *(f"{page['cold'][each]:.1f}" for each in ("p50", "p95")),
                    f"{rate:,.0f}" if rate else "–",
                    f"1/{trivial / rate:.0f}" if rate and trivial else "–",
                )
            )
    return aligned(lines)


def growth(small: Result, large: Result) -> str:
    """How much longer the larger record takes."""
    lines = [("page", "p95 ratio", "p95 ratio cold", "p95 / p50")]
    both = [name for name in large["pages"] if name in small["pages"]]
    for name in both:
        before, page = small["pages"][name], large["pages"][name]
        lines.append(
            (
                name,
                f"{page['warm']['p95'] / before['warm']['p95']:.2f}",
                f"{page['cold']['p95'] / before['cold']['p95']:.2f}",
                f"{page['warm']['p95'] / page['warm']['p50']:.2f}",
            )
        )
    title = f"{large['events']:,} events against {small['events']:,}"
    return f"{title}\n{aligned(lines)}"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
