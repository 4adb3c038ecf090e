"""Filters of the components: rows of the record as words."""

from __future__ import annotations

from functools import cache

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from talent.dashboard import wording
from talent.registry import wording as telling
from talent.registry.models import Event, Organization, Person
from talent.registry.models.events import Standing

register = template.Library()

register.filter("verb", wording.verb)
register.filter("sentence", telling.sentence)
register.filter("sources_in_words", telling.sources_of)
register.filter("last_post", wording.last_post)
register.filter("per_year_in_words", wording.per_year)
register.filter("in_dollars", wording.in_dollars)


# A list shows hundreds of links and marks; resolving each anew would be a third of its time.
PAGES = {
    Event: "dashboard:event",
    Organization: "dashboard:organization",
    Person: "dashboard:person",
}


@cache
def around_slug(view: str) -> tuple[str, str]:
    before, _slug, after = reverse(view, args=["slug"]).rpartition("slug")
    return before, after


@register.filter
def address(row: Event | Organization | Person) -> str:
    """What get_absolute_url says, found once for all rows of a sort."""
    before, after = around_slug(PAGES[type(row)])
    return f"{before}{row.slug}{after}"


@register.filter
def standing_in_words(standing: str) -> str:
    """What get_standing_display says, without building the list of choices."""
    return str(Standing(standing).label)


@register.filter
def name_in_both(named: Person | Organization) -> SafeString:
    """The name, then the Chinese one with its language, so that it is drawn and read as such."""
    if not named.name_zh or named.name_zh == named.name:
        return format_html("{}", named.name)
    return format_html('{} <span lang="zh">{}</span>', named.name, named.name_zh)


@register.filter
def within(organization: Organization) -> str:
    """The company of a unit, unless the unit's own name says it: "Meta" for TBD Lab."""
    company = organization.company
    if not organization.is_unit or company is None:
        return ""
    return "" if company.name in organization.name else company.name
