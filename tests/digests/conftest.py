from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from talent.digests import ledger, numbers

PICTURES: dict[tuple[Any, ...], bytes] = {}


@pytest.fixture(autouse=True)
def one_picture_of_each_sort(monkeypatch) -> None:
    """Drawing takes longer than all else of a digest: it is done once, whatever the bars."""
    draw = numbers.as_picture

    def drawn(svg: str, **options: Any) -> bytes:
        sort = tuple(sorted(options.items()))
        if sort not in PICTURES:
            PICTURES[sort] = draw(svg, **options)
        return PICTURES[sort]

    monkeypatch.setattr(numbers, "as_picture", drawn)


@pytest.fixture
def statements_of(queries_of, monkeypatch) -> Callable[[Callable[[], Any]], int]:
    """`queries_of`, with the prepared statements of the ledger, which Django does not see."""
    ask = ledger.ask

    def count(call: Callable[[], Any]) -> int:
        prepared: list[str] = []

        def counted(statement: str, values: dict[str, Any]) -> Any:
            prepared.append(statement)
            return ask(statement, values)

        monkeypatch.setattr(ledger, "ask", counted)
        return queries_of(call) + len(prepared)

    return count
