"""One person: the career drawn to time scale, the pay, and every event with its sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.person_figures import figures_of, left_early
from talent.dashboard.social_cards import card, picture_of_person
from talent.dashboard.structured_data import person_data
from talent.dashboard.timelines import person_timeline
from talent.insights.careers import career_of
from talent.registry.event_rows import packages
from talent.registry.merging import resolve_person
from talent.registry.models import Citation, Deal, Event, Package, Person, Reply
from talent.registry.models.deals import DealQuerySet
from talent.registry.models.pay import PackageQuerySet
from talent.registry.replies import replies_about
from talent.registry.tombstones import is_buried


@require_safe
@changes_with_record
def person(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    rare = rarities()
    found = Person.objects.public().filter(slug=slug).annotate(**rare).first()
    if found is None:
        moved_to, moved = resolve_person(slug)
        if moved_to is None and is_buried(Person, slug):
            return render_page(request, "dashboard/removed.html", status=410)
        if moved_to is None or not moved:
            raise Http404
        return HttpResponsePermanentRedirect(moved_to.get_absolute_url())
    events = list(
        Event.objects.published()
        .of_person(found)
        .with_ends()
        .prefetch_related(Prefetch("packages", queryset=packages()))
        .newest_first()
    )
    has = {name for name in rare if getattr(found, name)}
    citations = citations_of(events)
    career = career_of(found, events)
    timeline = person_timeline(
        career,
        today=timezone.localdate(),
        packages={e.pk: package for e in events for package in e.packages.all()},
    )
    figures = figures_of(found)
    return render_page(
        request,
        "dashboard/person.html",
        {
            "person": found,
            "career": career,
            "timeline": timeline,
            "figures": figures,
            "left_early": left_early(events, figures),
            "events": [(event, citations[event.pk]) for event in events],
            "packages": offers_to(found) if "any_offer" in has else (),
            "deals": deals_of(found) if "any_deal" in has else (),
            "replies": replies_about(found) if "any_reply" in has else (),
            "structured": person_data(found, career, citations),
            "card": card("people", slug, picture_of_person(found, career, timeline)),
        },
    )


def rarities() -> dict[str, Exists]:
    """What few people have: where there is none, nobody waits for a query of it."""
    theirs = OuterRef("pk")
    offers = Package.objects.public().apart_from_hires()
    return {
        "any_offer": Exists(offers.filter(person=theirs)),
        "any_deal": Exists(Deal.objects.filter(events__person=theirs)),
        "any_reply": Exists(Reply.objects.shown().filter(person=theirs)),
    }


def offers_to(person: Person) -> PackageQuerySet:
    offers = Package.objects.public().of_person(person).apart_from_hires()
    return offers.with_readings().newest_first()


def deals_of(person: Person) -> DealQuerySet:
    return Deal.objects.of_person(person).with_readings()


def citations_of(events: Iterable[Event]) -> dict[int, list[Citation]]:
    """Citations by event id, with their sources: one query."""
    by_event: defaultdict[int, list[Citation]] = defaultdict(list)
    for citation in Citation.objects.of_events(events).with_sources().in_order():
        by_event[citation.event_id].append(citation)
    return by_event
