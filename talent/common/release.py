"""Which release this is: the newest heading of CHANGELOG.md, so that it is said in one place."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
HEADING = re.compile(r"^## \[?(\d+\.\d+\.\d+)", re.MULTILINE)


@cache
def release() -> str:
    try:
        newest = HEADING.search(CHANGELOG.read_text(encoding="utf-8"))
    except OSError:
        newest = None
    return newest[1] if newest else "0"
