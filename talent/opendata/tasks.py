"""Background work: each task is one call of a verb."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from talent.opendata.frozen import freezing
from talent.opendata.hooks import letterbox, owning, planning, sending

logger = logging.getLogger(__name__)

# A worker that is told to stop waits for its task: a run ends by then, and goes on in a new task.
RUN_SECONDS = 8.0


@shared_task(acks_late=True)
def keep_data_sets(**_later: Any) -> None:
    """What is due: whoever was removed leaves the data sets, and this month has its own."""
    freezing.forget_removed(at=timezone.now())
    freezing.freeze_month(at=timezone.now())


@shared_task(acks_late=True)
def freeze_today(**_later: Any) -> None:
    freezing.freeze_today(at=timezone.now())


@shared_task(acks_late=True)
def tell_webhooks(**_later: Any) -> None:
    until = monotonic() + RUN_SECONDS
    planning.plan(at=timezone.now())
    sending.send_due(stop=lambda: monotonic() > until)
    if monotonic() > until:
        tell_webhooks.delay()


@shared_task(acks_late=True)
def send_webhook_mails(**_later: Any) -> None:
    letterbox.send_mails(at=timezone.now())


@shared_task(acks_late=True)
def forget_webhooks(**_later: Any) -> None:
    owning.forget(at=timezone.now())


def tell_webhooks_soon() -> None:
    wake_for_webhooks(tell_webhooks)


def send_webhook_mails_soon() -> None:
    wake_for_webhooks(send_webhook_mails)


def wake_for_webhooks(task: Any) -> None:
    """What is due is in the database: without Redis the next sweep finds it."""
    try:
        task.delay()
    except Exception:
        logger.warning("Nobody could be woken for webhooks; the next sweep will do it.")


def freeze_soon() -> bool:
    """Ask a worker to freeze the record. Returns False where none can be asked."""
    try:
        freeze_today.delay()
    except Exception:
        logger.warning("Nobody could be woken to freeze the record.")
        return False
    return True


def forget_soon(**_news: Any) -> None:
    """Wake a worker once a removal has committed. If Redis is away, the sweep finds it later."""
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    try:
        keep_data_sets.delay()
    except Exception:
        logger.warning("Nobody could be woken for the data sets; the sweep will do it.")
