"""One event: the move, the money, who says so, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.changes import history_of
from talent.dashboard.social_cards import Card, card, picture_of_event
from talent.dashboard.structured_data import event_data
from talent.dashboard.timelines import person_timeline
from talent.insights.careers import career_of
from talent.registry.models import Citation, Deal, Event, Source
from talent.registry.models.events import EventQuerySet, Status
from talent.registry.replies import replies_about
from talent.registry.tombstones import is_buried

MOST_OF_THE_PERSON = 12
# Both halves of a move lie close together; a later return to the same place is another move.
HALVES_APART = timedelta(days=400)


@require_safe
@changes_with_record
def event(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    found = (
        Event.objects.published()
        .filter(slug=slug)
        .with_ends()
        .with_packages()
        .with_reasons()
        .first()
    )
    if found is None:
        return withdrawn_or_unknown(request, slug)
    others = list(others_of(found).with_packages())
    half = other_half(found, others)
    citations = list(Citation.objects.filter(event=found).with_sources().in_order())
    return render_page(
        request,
        "dashboard/event.html",
        {
            "event": found,
            "packages": list(found.packages.all()),
            "deals": Deal.objects.of_event(found).with_readings(),
            "origins": by_origin(citations),
            "history": history_of(found),
            "replies": replies_about(found),
            "other_half": half,
            "others": [other for other in others if other != half],
            "address": f"{settings.SITE_URL}{found.get_absolute_url()}",
            "card": card_of(found, others),
            "structured": event_data(found, citations),
        },
    )


def card_of(event: Event, others: list[Event]) -> Card:
    career = career_of(event.person, [event, *others])
    timeline = person_timeline(career, today=timezone.localdate(), packages={})
    return card("events", event.slug, picture_of_event(event, timeline))


def others_of(event: Event) -> EventQuerySet:
    """The newest of the person's other events, with their ends."""
    others = Event.objects.published().of_person(event.person).exclude(pk=event.pk)
    return others.with_ends().newest_first()[:MOST_OF_THE_PERSON]


def withdrawn_or_unknown(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """410 for what was public once: it names nothing, but says that this was no accident."""
    withdrawn = Event.objects.filter(
        slug=slug, status=Status.WITHDRAWN, published_at__isnull=False
    )
    if is_buried(Event, slug):
        return render_page(request, "dashboard/removed.html", status=410)
    if not withdrawn.exists():
        raise Http404
    return render_page(request, "dashboard/withdrawn.html", status=410)


@dataclass(frozen=True, slots=True)
class Origin:
    """One first report, and the pages that cite it here: itself, or those that retell it."""

    first: Source
    citations: tuple[Citation, ...]

    @property
    def is_cited(self) -> bool:
        return any(citation.source == self.first for citation in self.citations)


def by_origin(citations: Iterable[Citation]) -> list[Origin]:
    """Citations grouped by the report they go back to, in the order given; it comes first."""
    groups: dict[Source, list[Citation]] = {}
    for citation in citations:
        first = citation.source.repeats or citation.source
        groups.setdefault(first, []).append(citation)
    return [
        Origin(first, tuple(sorted(theirs, key=lambda each: each.source != first)))
        for first, theirs in groups.items()
    ]


def other_half(event: Event, others: Iterable[Event]) -> Event | None:
    """The departure that goes with a hire, or the hire with a departure: the nearest in time."""
    halves = [other for other in others if is_other_half(event, other)]
    return min(
        halves,
        key=lambda half: abs(half.happened_on - event.happened_on),
        default=None,
    )


def is_other_half(event: Event, other: Event) -> bool:
    """The other kind, and each names the company of the other, or nothing that speaks against."""
    if event.kind == other.kind or event.company_id == other.company_id:
        return False
    if abs(event.happened_on - other.happened_on) > HALVES_APART:
        return False
    names = [
        event.counterpart_company_id == other.company_id,
        other.counterpart_company_id == event.company_id,
    ]
    contradicts = [
        event.counterpart_company_id not in (None, other.company_id),
        other.counterpart_company_id not in (None, event.company_id),
    ]
    return any(names) and not any(contradicts)
