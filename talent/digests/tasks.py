"""Background work: each task is one call of a verb."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from celery import shared_task
from django.utils import timezone

from talent.digests import delivery, editions, letterbox, subscribing

logger = logging.getLogger(__name__)

# A worker that is told to stop waits for its task: a run ends by then, and goes on in a new task.
RUN_SECONDS = 8.0


@shared_task(acks_late=True)
def send_digests(**_later: Any) -> None:
    until = monotonic() + RUN_SECONDS
    delivery.send_due(stop=lambda: monotonic() > until)
    if monotonic() > until:
        send_digests.delay()


@shared_task(acks_late=True)
def send_requested(**_later: Any) -> None:
    letterbox.send_requested(at=timezone.now())


@shared_task(acks_late=True)
def make_editions(**_later: Any) -> None:
    editions.make_editions(at=timezone.now())


@shared_task(acks_late=True)
def forget(**_later: Any) -> None:
    subscribing.forget(at=timezone.now())


def send_requested_soon() -> None:
    """Wake a worker. What is due is in the database: without Redis the sweep finds it later."""
    try:
        send_requested.delay()
    except Exception:
        logger.warning("Nobody could be woken to send a mail; the next sweep will.")
