"""Background work: each task is one call of a verb."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from talent.dashboard import ahead


@shared_task(acks_late=True)
def draw_pages(**_later: Any) -> None:
    ahead.draw_pages()
