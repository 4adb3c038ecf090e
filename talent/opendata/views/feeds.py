"""Events as an Atom feed (RFC 4287): the newest of any filter, so of a person or a company too."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from talent.opendata.outlet import outlet, read_filter, wrong_filter
from talent.registry.filters import EventFilter
from talent.registry.models import Event
from talent.registry.models.states import COUNTED
from talent.registry.wording import sentence

ENTRIES = 50
# XML 1.0 has no way to write them.
UNWRITABLE = re.compile(r"[\x00-\x08\x0B-\x0C\x0E-\x1F\ufffe\uffff]")


@outlet
def events(request: HttpRequest) -> HttpResponseBase:
    filter = read_filter(EventFilter, request.GET)
    if not filter.is_valid():
        return wrong_filter(filter)
    query = filter.query()
    page = address(reverse("dashboard:event_list"), query)
    feed = Atom1Feed(
        title=f"Transfer Window – {filter.description()}",
        link=page,
        description=_("Recorded public moves, not a census."),
        language=get_language(),
        feed_url=address(reverse("opendata:feed"), query),
        # The same for one filter, whatever way it was written.
        feed_guid=address(reverse("opendata:feed"), query),
        feed_copyright="CC BY 4.0",
    )
    newest = filter.events().with_ends().order_by("-published_at", "-pk")
    for event in newest[:ENTRIES]:
        add(feed, event)
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def add(feed: Atom1Feed, event: Event) -> None:
    link = address(event.get_absolute_url())
    title = f"{event.date}: {sentence(event)}"
    if event.standing not in COUNTED:
        title += f" ({event.get_standing_display()})"
    feed.add_item(
        title=writable(title),
        link=link,
        description=writable(event.summary or sentence(event)),
        unique_id=tag_of(event),
        pubdate=event.published_at,
        updateddate=max(event.updated_at, event.published_at or event.updated_at),
        categories=[event.kind, event.standing],
    )


def tag_of(event: Event) -> str:
    """RFC 4151: stays the same wherever the page moves. The key never changes, a slug may."""
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{event.created_at.date().isoformat()}:event/{event.pk}"


def address(path: str, query: str = "") -> str:
    return f"{settings.SITE_URL}{path}?{query}" if query else settings.SITE_URL + path


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)
