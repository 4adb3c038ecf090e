"""How much mail strangers may have us send: counted in PostgreSQL, whatever becomes of Redis.

A sign-up form mails people who did not ask. So one mailbox, one network and all together have
an allowance. Reaching that of a network or of all together is said; that of a mailbox is not,
or the form would tell who has been here.

A network is held before a mailbox: in one order, so that no two wait for each other.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Count, Q

from talent.common import networks
from talent.common.locks import Group, hold_one
from talent.digests.addresses import digest_of
from talent.digests.models import Request

logger = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)

NETWORK_AN_HOUR = 20
MAILBOX_A_DAY = 1
MAILBOX_A_WEEK = 3
# Of links to their settings, which only subscribers are sent.
LINKS_A_DAY = 3
# Mails of all networks together. Far above any day we have seen or hope for.
MAILS_AN_HOUR = 500


class TooMany(Exception):
    """This network has asked for as much as one may in an hour."""


class Closed(Exception):
    """Everybody together has asked for as much as may be mailed in an hour."""


def network_of(address: str) -> str:
    """A digest of the network a request came from."""
    return digest_of(f"network:{networks.network_of(address)}")


def enter(network: str, *, at: datetime) -> None:
    """Raise TooMany or Closed if the network, or everybody, has had enough.

    Holds the network until the end of the transaction: of parallel requests only as many
    enter as one after the other would.
    """
    hold_one(Group.DIGEST_NETWORKS, network)
    hour = Request.objects.filter(created_at__gt=at - HOUR)
    counted = hour.aggregate(
        here=Count("pk", filter=Q(network_hash=network)),
        everywhere=Count("pk", filter=Q(mail_due=True)),
    )
    if counted["here"] >= NETWORK_AN_HOUR:
        raise TooMany
    if counted["everywhere"] >= MAILS_AN_HOUR:
        logger.error(
            "Sign-ups are closed: %s mails were asked for within an hour.",
            counted["everywhere"],
        )
        raise Closed


def mails_to(mailbox: str, *, at: datetime) -> dict[str, int]:
    """How many mails to the mailbox were asked for lately: `day`, `week`, `links`.

    Holds the mailbox until the end of the transaction.
    """
    hold_one(Group.DIGEST_MAILBOXES, mailbox)
    link = Q(purpose=Request.Purpose.MANAGE)
    lately = Request.objects.filter(
        mailbox_hash=mailbox, mail_due=True, created_at__gt=at - WEEK
    )
    day = Q(created_at__gt=at - DAY)
    return lately.aggregate(
        day=Count("pk", filter=day & ~link),
        week=Count("pk", filter=~link),
        links=Count("pk", filter=day & link),
    )
