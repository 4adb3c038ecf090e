"""What templates of the desk ask for."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Max, Min
from django.utils.dates import MONTHS_3

from talent.registry.models import Event, EventTally

register = template.Library()

LATEST_DRAFTS = 12


@register.inclusion_tag("admin/registry/event/dates.html")
def event_dates(cl: Any) -> dict[str, Any]:
    """Years, then months, to narrow the list by: the tally knows the years of a million events.

    Django's own date hierarchy reads all events three times to find them.
    """
    field = cl.date_hierarchy
    year, month = cl.params.get(f"{field}__year"), cl.params.get(f"{field}__month")

    def link(**lookups: Any) -> str:
        chosen = {f"{field}__{name}": value for name, value in lookups.items()}
        return str(cl.get_query_string(chosen, [f"{field}__"]))

    if year:
        return {
            "year": year,
            "all": link(),
            "whole_year": link(year=year) if month else "",
            "choices": [
                {
                    "title": str(title),
                    "link": link(year=year, month=number),
                    "chosen": str(number) == month,
                }
                for number, title in MONTHS_3.items()
            ],
        }
    known = EventTally.objects.aggregate(first=Min("year"), last=Max("year"))
    years = range(known["last"] or 0, (known["first"] or 1) - 1, -1)
    return {"choices": [{"title": str(one), "link": link(year=one)} for one in years]}


@register.inclusion_tag("admin/registry/event/latest_drafts.html")
def latest_drafts() -> dict[str, Any]:
    """The drafts changed last: one query, served by the index of what is unpublished."""
    drafts = Event.objects.drafts().select_related("person", "organization")
    return {"drafts": drafts.order_by("-updated_at", "-pk")[:LATEST_DRAFTS]}
