"""Background work: each task is one call of a verb of `health`."""

from __future__ import annotations

from time import monotonic
from typing import Any

from celery import shared_task
from django.utils import timezone

from talent.registry.health import links, refresh

# A worker that is told to stop waits for its task: a run ends by then, and goes on in a new task.
RUN_SECONDS = 8.0


@shared_task(acks_late=True)
def check_health(**_later: Any) -> None:
    refresh.refresh(at=timezone.now())


@shared_task(acks_late=True)
def check_links(**_later: Any) -> None:
    until = monotonic() + RUN_SECONDS
    links.check_links(stop=lambda: monotonic() > until)
    if monotonic() > until:
        check_links.apply_async(countdown=links.PAUSE)
