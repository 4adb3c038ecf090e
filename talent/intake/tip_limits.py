"""How many tips a network may send: counted in PostgreSQL, whatever becomes of Redis."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.crypto import salted_hmac

from talent.common import networks
from talent.common.locks import Group, hold_one
from talent.intake.models import TipAttempt

logger = logging.getLogger(__name__)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AN_HOUR, A_DAY = 10, 30
# Of all networks together: far more than two curators read.
TOGETHER_A_DAY = 1000
# Counting needs one day of them.
KEPT = timedelta(days=2)


class TooMany(Exception):
    """This network, or everybody together, has sent as much as we read."""


def enter(address: str, *, at: datetime) -> None:
    """Count one more. Raises TooMany, and counts nothing, where that is too many.

    Holds the network until the end of the transaction: of parallel requests only as many
    enter as one after the other would.
    """
    network = salted_hmac(
        "talent.intake.tips", networks.network_of(address), algorithm="sha256"
    ).hexdigest()
    hold_one(Group.TIP_NETWORKS, network)
    here = Q(network=network)
    counted = TipAttempt.objects.filter(at__gt=at - DAY).aggregate(
        hour=Count("pk", filter=here & Q(at__gt=at - HOUR)),
        day=Count("pk", filter=here),
        together=Count("pk"),
    )
    if counted["together"] >= TOGETHER_A_DAY:
        logger.error("Tips are closed: %s came within a day.", counted["together"])
        raise TooMany
    if counted["hour"] >= AN_HOUR or counted["day"] >= A_DAY:
        raise TooMany
    TipAttempt.objects.create(network=network, at=at)
