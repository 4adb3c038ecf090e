"""Embeds that stay as they stood: kept when a reader asks, under the digest of what they say.

What has left the record since is not shown in them either: that a moment was frozen gives nobody
a place in it. What was only withdrawn is hidden as long as it is; what was removed is taken out
of what is kept, in the transaction of the removal.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from talent.common.locks import Group, hold_one
from talent.common.networks import network_of
from talent.dashboard.embeds import Embed, Gone, embed
from talent.dashboard.embeds_named import named_pieces, visible, without
from talent.dashboard.models import FrozenEmbed

logger = logging.getLogger(__name__)

# Characters of HTML: a list of twenty rows has about 20,000.
LARGEST = 256 * 1024
# Of one network an hour and a day; of all a day, and for good.
AN_HOUR, NETWORK_A_DAY, A_DAY, AT_MOST = 20, 40, 300, 50_000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Shorter Latin names stand in other words. The links of a piece name everybody anyway.
LEAST_LETTERS = 5


class Refused(Exception):
    """It is not kept; the reason is the class."""


class TooMany(Refused):
    """This network, or everybody, has frozen as much as may be kept for now."""


class TooLarge(Refused):
    """The drawing is larger than what is kept."""


class Empty(Refused):
    """There is nothing in it."""


# -- Freezing ----------------------------------------------------------------------------


@transaction.atomic
def freeze(made: Embed, *, address: str, at: datetime) -> FrozenEmbed:
    """Keep it. What says the same as one that is kept already is that one. Raises Refused."""
    if not made.pieces:
        raise Empty
    language = get_language() or ""
    says = [language, made.title, made.page, made.look, made.head, made.pieces]
    written = json.dumps(says, ensure_ascii=False)
    if len(written) > LARGEST:
        raise TooLarge
    key = sha256(written.encode()).hexdigest()[:32]
    kept = FrozenEmbed.objects.filter(key=key).first()
    if kept is not None:
        return kept
    network = enter(address, at=at)
    kept, _made = FrozenEmbed.objects.get_or_create(
        key=key,
        defaults={
            "language": language,
            "title": made.title,
            "page": made.page,
            "look": made.look,
            "styles": list(made.styles),
            "height": made.height,
            "head": made.head,
            "pieces": named_pieces(made),
            "frozen_at": at,
            "network": network,
        },
    )
    return kept


def enter(address: str, *, at: datetime) -> str:
    """The digest of the network, which is kept for a day. Raises TooMany.

    Counted in PostgreSQL, whatever becomes of Redis, and one network after the other.
    """
    network = salted_hmac(
        "talent.dashboard.freezing", network_of(address), algorithm="sha256"
    ).hexdigest()
    hold_one(Group.EMBED_NETWORKS, network)
    FrozenEmbed.objects.filter(network__gt="", frozen_at__lte=at - DAY).update(
        network=""
    )
    here = Q(network=network)
    counted = FrozenEmbed.objects.filter(frozen_at__gt=at - DAY).aggregate(
        hour=Count("pk", filter=here & Q(frozen_at__gt=at - HOUR)),
        day=Count("pk", filter=here),
        together=Count("pk"),
    )
    kept = FrozenEmbed.objects.count()
    if counted["together"] >= A_DAY or kept >= AT_MOST:
        logger.error(
            "Freezing is closed: %s a day, %s kept.", counted["together"], kept
        )
        raise TooMany
    if counted["hour"] >= AN_HOUR or counted["day"] >= NETWORK_A_DAY:
        raise TooMany
    return network


# -- Showing -----------------------------------------------------------------------------


@embed("frozen")
def frozen(key: str, _query: QueryDict) -> Embed:
    """What is kept, without what has left the record since. Up to seven queries."""
    kept = FrozenEmbed.objects.filter(key=key).first()
    if kept is None:
        raise Http404
    left = visible(kept.pieces)
    if not left:
        raise Gone
    return Embed(
        title=kept.title,
        page=kept.page,
        look=kept.look,
        pieces=tuple(piece["html"] for piece in left),
        styles=tuple(kept.styles),
        head=mark_safe(kept.head),  # as a template wrote it
        height=kept.height,
        language=kept.language,
        frozen_at=kept.frozen_at,
        hidden=kept.gone + len(kept.pieces) - len(left),
    )


# -- Forgetting --------------------------------------------------------------------------


def forget(
    *,
    people: Collection[int],
    events: Collection[int],
    names: Collection[str],
    **_more: Any,
) -> None:
    """Inside the transaction of a removal: take every piece that tells of it, for good."""
    names = [name for name in names if is_telling(name)]
    telling = [escape(name) for name in names]
    for kept in those_with(people, events, names).iterator(chunk_size=100):
        left = [
            piece
            for piece in without(kept.pieces, people=people, events=events)
            if not any(name in piece["html"] for name in telling)
        ]
        if any(name in escape(kept.title) for name in telling):
            left = []
        if len(left) == len(kept.pieces):
            continue
        kept.gone += len(kept.pieces) - len(left)
        kept.pieces = left
        if not left:
            kept.title = kept.page = ""
        kept.save(update_fields=["gone", "pieces", "title", "page"])


def those_with(
    people: Collection[int], events: Collection[int], names: Iterable[str]
) -> QuerySet[FrozenEmbed]:
    """Those that may tell of any of them: only these are read."""
    tell = Q(pk__in=[])
    for kind, ids in (("people", people), ("events", events)):
        for pk in ids:
            tell |= Q(pieces__contains=[{kind: [pk]}])
    for name in names:
        # JSON writes a backslash twice.
        part = max(escape(name).split("\\"), key=len)
        tell |= Q(text__contains=part) | Q(title__contains=name)
    return FrozenEmbed.objects.annotate(text=Cast("pieces", TextField())).filter(tell)


def is_telling(name: str) -> bool:
    return len(name) >= (LEAST_LETTERS if name.isascii() else 2)
