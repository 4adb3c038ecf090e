"""Which language the reader of this moment reads, and how Chinese is set."""

from __future__ import annotations

import re

from django.utils.translation import get_language

BETWEEN_SCRIPTS = re.compile(
    "(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)
BESIDE_SIGNS = re.compile(" ?([（），。；：]) ?")


def reads_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def spaced(text: str) -> str:
    """As Chinese is printed: a space before and after Latin, none beside its own signs.

    Pages leave it to the browser (text-autospace); mails, pictures and files need it.
    """
    return BESIDE_SIGNS.sub(r"\1", BETWEEN_SCRIPTS.sub(" ", text))
