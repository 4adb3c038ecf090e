"""The pictures of pages for other sites: /cards/people/ADDRESS/VERSION.png."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.utils import timezone
from django.views.decorators.http import require_safe

from talent.common.pictures import Busy
from talent.dashboard import social_cards
from talent.dashboard.caching import changes_with_record
from talent.dashboard.flow_chart import flow_chart, window_of
from talent.dashboard.social_cards import Picture, drawing_language
from talent.dashboard.timelines import Timeline, person_timeline
from talent.dashboard.views.charts import busy
from talent.dashboard.views.event import others_of
from talent.insights.careers import Career, career_of
from talent.registry.models import Event, Organization, Person

# A day: what was removed must not be shown by others for much longer.
KEPT_SECONDS = 24 * 60 * 60


@require_safe
@changes_with_record
def card(request: HttpRequest, kind: str, slug: str, version: str) -> HttpResponse:
    """Drawn under the version it has now only: others lead there, and cost no drawing."""
    maker = MAKERS.get(kind)
    if maker is None:
        raise Http404
    with drawing_language():
        picture = maker(slug)
    if version != picture.version:
        found = social_cards.card(kind, slug, picture)
        return HttpResponseRedirect(found.path)
    try:
        with drawing_language():
            png = social_cards.drawn(picture)
    except Busy:
        return busy()
    response = HttpResponse(png, content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def of_site(slug: str) -> Picture:
    if slug != "site":
        raise Http404
    return social_cards.picture_of_site()


def of_person(slug: str) -> Picture:
    person = found_or_404(Person.objects.public().filter(slug=slug))
    events = Event.objects.published().of_person(person).with_ends().newest_first()
    return social_cards.picture_of_person(person, *drawn_to_scale(person, events))


def of_organization(slug: str) -> Picture:
    public = Organization.objects.public().select_related("company")
    organization = found_or_404(public.filter(slug=slug))
    chart = flow_chart(organization, window_of(organization, "24"), span="24")
    return social_cards.picture_of_organization(organization, chart)


def of_event(slug: str) -> Picture:
    event = found_or_404(Event.objects.published().filter(slug=slug).with_ends())
    events = [event, *others_of(event)]
    _career, timeline = drawn_to_scale(event.person, events)
    return social_cards.picture_of_event(event, timeline)


MAKERS: dict[str, Callable[[str], Picture]] = {
    "events": of_event,
    "organizations": of_organization,
    "people": of_person,
    "site": of_site,
}


def found_or_404(rows: Any) -> Any:
    found = rows.first()
    if found is None:
        raise Http404
    return found


def drawn_to_scale(person: Person, events: Any) -> tuple[Career, Timeline]:
    career = career_of(person, events)
    timeline = person_timeline(career, today=timezone.localdate(), packages={})
    return career, timeline
