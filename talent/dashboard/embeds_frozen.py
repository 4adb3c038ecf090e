"""Embeds that stay as they stood: kept when a reader asks, under the digest of what they say.

What has left the record since is not shown in them either: that a moment was frozen gives nobody
a place in it. What was only withdrawn is hidden as long as it is; what was removed is taken out
of what is kept, in the transaction of the removal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from html import unescape
from typing import Any

from django.core.cache import cache
from django.http import Http404, QueryDict
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from talent.common.networks import network_of
from talent.dashboard.embeds import Embed, Gone, embed
from talent.dashboard.models import FrozenEmbed
from talent.registry.models import Event, Person, Wave

# What may leave the record, by how its addresses begin.
KINDS: dict[str, type[Person] | type[Event] | type[Wave]] = {
    "people": Person,
    "events": Event,
    "waves": Wave,
}
LINK = re.compile(rf"/({'|'.join(KINDS)})/([-\w]+)/", re.ASCII)
# Characters of HTML: a list of twenty rows has about 20,000.
LARGEST = 256 * 1024
# Of one network an hour, of all a day, and for good.
AN_HOUR, A_DAY, AT_MOST = 20, 300, 50_000
DAY = timedelta(days=1)
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
    enter(address, at=at)
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
        },
    )
    return kept


def enter(address: str, *, at: datetime) -> None:
    """Raise TooMany where it is. The network is counted in the cache, which may be away; what
    bounds the table is counted there.
    """
    here = f"freezing:{network_of(address)}:{at:%Y-%m-%d-%H}"
    used = cache.get(here, 0)
    kept = FrozenEmbed.objects.count()
    today = FrozenEmbed.objects.filter(frozen_at__gt=at - DAY).count()
    if used >= AN_HOUR or today >= A_DAY or kept >= AT_MOST:
        raise TooMany
    cache.set(here, used + 1, 3600)


def named_pieces(made: Embed) -> list[dict[str, Any]]:
    """Each piece with the ids of whom and what its links name. Three queries."""
    slugs = [slugs_in(piece) for piece in (made.page, *made.pieces)]
    ids = {
        kind: ids_of(model, (slug for each in slugs for slug in each[kind]))
        for kind, model in KINDS.items()
    }
    about, *each_piece = slugs
    # A list is about nobody: the rows say who. What is a page of one's own is all theirs.
    beside = about if len(each_piece) == 1 else slugs_in("")
    return [
        {
            "html": html,
            **{
                kind: sorted(
                    ids[kind][slug]
                    for slug in named[kind] | beside[kind]
                    if slug in ids[kind]
                )
                for kind in KINDS
            },
        }
        for html, named in zip(made.pieces, each_piece, strict=True)
    ]


def slugs_in(html: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind, slug in LINK.findall(unescape(html)):
        found[kind].add(slug)
    return found


def ids_of(
    model: type[Person] | type[Event] | type[Wave], slugs: Iterable[str]
) -> dict[str, int]:
    rows = model._default_manager.filter(slug__in={*slugs})
    return dict(rows.values_list("slug", "pk"))


# -- Showing -----------------------------------------------------------------------------


@embed("frozen")
def frozen(key: str, _query: QueryDict) -> Embed:
    """What is kept, without what has left the record since. Up to five queries."""
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


def visible(pieces: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that name nobody and nothing that is not public now."""
    events = {pk for piece in pieces for pk in piece["events"]}
    people = {pk for piece in pieces for pk in piece["people"]}
    published = Event.objects.published().filter(pk__in=events)
    events -= {*published.values_list("pk", flat=True)}
    people -= {
        *Person.objects.public().filter(pk__in=people).values_list("pk", flat=True)
    }
    if people:
        # Somebody merged into another is public under that name.
        merged = Person.objects.filter(
            pk__in=people, merged_into__in=Person.objects.public()
        )
        people -= {*merged.values_list("pk", flat=True)}
    waves = {pk for piece in pieces for pk in piece["waves"]}
    if waves:
        told = Wave.objects.published().filter(pk__in=waves)
        waves -= {*told.values_list("pk", flat=True)}
    return without(pieces, people=people, events=events, waves=waves)


def without(
    pieces: list[dict[str, Any]], **gone: Collection[int]
) -> list[dict[str, Any]]:
    """Those that name none of what is gone: ids by kind."""
    return [
        piece
        for piece in pieces
        if not any({*ids} & {*piece[kind]} for kind, ids in gone.items())
    ]


# -- Forgetting --------------------------------------------------------------------------


def forget(
    *,
    people: Collection[int],
    events: Collection[int],
    names: Collection[str],
    **_more: Any,
) -> None:
    """Inside the transaction of a removal: take every piece that tells of it, for good."""
    telling = [escape(name) for name in names if is_telling(name)]
    for kept in FrozenEmbed.objects.order_by("pk").iterator(chunk_size=100):
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


def is_telling(name: str) -> bool:
    return len(name) >= (LEAST_LETTERS if name.isascii() else 2)
