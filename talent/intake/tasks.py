"""Background work: each task is one call of a verb."""

from __future__ import annotations

from time import monotonic
from typing import Any

from celery import shared_task
from django.utils import timezone

from talent.intake import fetching, tips
from talent.intake.imports import keeping

# A worker that is told to stop waits for its task: what is left is still due next time.
RUN_SECONDS = 60.0


@shared_task(acks_late=True)
def fetch_feeds(**_later: Any) -> None:
    until = monotonic() + RUN_SECONDS
    fetching.fetch_due(at=timezone.now(), stop=lambda: monotonic() > until)


@shared_task(acks_late=True)
def settle_tips(**_later: Any) -> None:
    tips.forget(at=timezone.now())


@shared_task(acks_late=True)
def forget_uploads(**_later: Any) -> None:
    keeping.forget_uploads(at=timezone.now())
