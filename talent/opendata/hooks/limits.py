"""How much mail strangers may have us send about webhooks: counted in PostgreSQL.

Reaching the allowance of a network or of all together is said; that of a mailbox is not, or the
form would tell who has been here.

A network is held before a mailbox: in one order, so that no two wait for each other.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac

from talent.common import networks
from talent.common.locks import Group, hold_one
from talent.opendata.models import HookMail

logger = logging.getLogger(__name__)

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
NETWORK_AN_HOUR = 20
MAILBOX_A_DAY, MAILBOX_A_WEEK = 1, 3
# Of links to their webhooks, which only owners are sent.
LINKS_A_DAY = 3
MAILS_AN_HOUR = 200
# Webhooks of one mailbox.
MOST_HOOKS = 10


class TooMany(Exception):
    """This network, or everybody together, has asked for as much as may be in an hour."""


def digest_of(kind: str, text: str) -> str:
    return salted_hmac(
        f"opendata.hooks.{kind}", text, secret=settings.DIGEST_KEY, algorithm="sha256"
    ).hexdigest()


def network_of(address: str) -> str:
    """A digest of the network a request came from."""
    return digest_of("network", networks.network_of(address))


def enter(network: str, *, at: datetime) -> None:
    """Raise TooMany where the network, or everybody, has had enough.

    Holds the network until the end of the transaction: of parallel requests only as many
    enter as one after the other would.
    """
    hold_one(Group.HOOK_NETWORKS, network)
    counted = HookMail.objects.filter(created_at__gt=at - HOUR).aggregate(
        here=Count("pk", filter=Q(network_hash=network)),
        everywhere=Count("pk", filter=Q(due=True)),
    )
    if counted["here"] >= NETWORK_AN_HOUR:
        raise TooMany
    if counted["everywhere"] >= MAILS_AN_HOUR:
        logger.error("Webhooks are closed: %s mails an hour.", counted["everywhere"])
        raise TooMany


def may_confirm(mailbox: str, *, at: datetime) -> bool:
    """Whether one more mail to confirm something may go to the mailbox. Holds the mailbox."""
    hold_one(Group.HOOK_MAILBOXES, mailbox)
    lately = owed_to(mailbox, HookMail.Purpose.CONFIRM, since=at - WEEK)
    today = lately.filter(created_at__gt=at - DAY).count()
    return today < MAILBOX_A_DAY and lately.count() < MAILBOX_A_WEEK


def may_send_links(mailbox: str, *, at: datetime) -> bool:
    hold_one(Group.HOOK_MAILBOXES, mailbox)
    today = owed_to(mailbox, HookMail.Purpose.LINKS, since=at - DAY)
    return today.count() < LINKS_A_DAY


def owed_to(mailbox: str, purpose: str, *, since: datetime) -> QuerySet[HookMail]:
    return HookMail.objects.filter(
        mailbox_hash=mailbox, purpose=purpose, due=True, created_at__gt=since
    )
