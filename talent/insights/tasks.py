"""Background work: each task is one call of a verb of `refresh`."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from talent.insights import refresh

logger = logging.getLogger(__name__)

# A hundred edits in a minute make at most this many seconds' worth of refreshes.
GATHER_SECONDS = 3


@shared_task(acks_late=True)
def refresh_touched(**_later: Any) -> None:
    refresh.refresh_touched(at=timezone.now())


@shared_task(acks_late=True)
def refresh_everything(**_later: Any) -> None:
    refresh.refresh_all(at=timezone.now())


def refresh_soon(**_news: Any) -> None:
    """Wake a worker a moment after the first of several changes.

    Who was touched is in the database: if Redis is away, the sweep finds them later.
    """
    try:
        if cache.add("refresh-soon", 1, timeout=GATHER_SECONDS):
            refresh_touched.apply_async(countdown=GATHER_SECONDS)
    except Exception:
        logger.warning("Nobody could be woken to refresh; the next sweep will do it.")
