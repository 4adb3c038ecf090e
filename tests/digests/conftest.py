from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from talent.digests import ledger


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
