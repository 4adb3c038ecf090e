"""One run: send what is due to many endpoints at once, and write down what became of it.

Requests wait in threads of their own, and those touch no database: a slow endpoint costs a place
among PLACES for ten seconds, and no other endpoint waits for it. A run may end at any moment in
any way: the next one finds by query what is left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from talent.common.http import Door
from talent.common.locks import Lock, alone
from talent.opendata.hooks import endpoints, ledger
from talent.opendata.hooks.endpoints import Outcome
from talent.opendata.hooks.ledger import Claim

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# Requests at the same time in one run.
PLACES = 16
# How long something new that is due may wait while all requests are slow.
LOOK_EVERY_SECONDS = 0.5
# Runs at the same time, in all processes together; each occupies a worker.
RUNS = 2


@dataclass
class Tally:
    """What one run did."""

    delivered: int = 0
    failed: int = 0


def send_due(
    *,
    clock: Clock = timezone.now,
    door: Door | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Tally:
    """Send all that is due, until it is sent, or `stop` says so between two messages."""
    tally = Tally()
    with alone(Lock.HOOK_SENDING, places=RUNS) as free:
        if free:
            run(tally, clock=clock, door=door or endpoints.door(), stop=stop)
    return tally


def run(tally: Tally, *, clock: Clock, door: Door, stop: Callable[[], bool]) -> None:
    flying: dict[Future[Outcome], Claim] = {}
    with ThreadPoolExecutor(PLACES) as pool:
        while True:
            while len(flying) < PLACES and not stop():
                claim = ledger.claim(at=clock())
                if claim is None:
                    break
                flying[pool.submit(send, claim, door=door)] = claim
            if not flying:
                return
            done, _waiting = wait(flying, LOOK_EVERY_SECONDS, FIRST_COMPLETED)
            for each in done:
                outcome = outcome_of(each)
                tally.delivered += outcome.accepted
                tally.failed += not outcome.accepted
                claim = ledger.settle(
                    flying.pop(each), outcome, at=clock(), go_on=not stop()
                )
                if claim:
                    flying[pool.submit(send, claim, door=door)] = claim


def outcome_of(sent: Future[Outcome]) -> Outcome:
    """Whatever goes wrong with one message must not end the run of all."""
    try:
        return sent.result()
    except Exception:
        logger.exception("A message of a webhook could not be sent.")
        return Outcome(0, said="It could not be sent.")


def send(claim: Claim, *, door: Door) -> Outcome:
    headers = {
        **claim.headers,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"TransferWindow-Webhooks/1.0 (+{settings.SITE_URL}/data/webhooks/)",
    }
    return endpoints.post(claim.url, headers=headers, body=claim.body, door=door)
