"""Filters of the components: rows of the record as words."""

from __future__ import annotations

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from talent.common.language import reads_chinese
from talent.common.money import a_year
from talent.dashboard import wording
from talent.registry import wording as telling
from talent.registry.countries import country_in_words
from talent.registry.models import Event, Organization, Person
from talent.registry.models.events import Standing

register = template.Library()

register.filter("called", telling.called)
register.filter("country_in_words", country_in_words)
register.filter("verb", wording.verb)
register.filter("sentence", telling.sentence)
register.filter("sources_in_words", telling.sources_of)
register.filter("last_post", wording.last_post)
register.filter("per_year_in_words", wording.per_year)
register.filter("in_dollars", wording.in_dollars)
register.filter("a_year", a_year)


@register.filter
def address(row: Event | Organization | Person) -> str:
    """For templates, which would ask each row whether it is called, with what, and for how much."""
    return row.get_absolute_url()


@register.filter
def standing_in_words(standing: str) -> str:
    """What get_standing_display says, without building the list of choices."""
    return str(Standing(standing).label)


@register.filter
def name_of(named: Person | Organization | None) -> str:
    """The name in the reader's script; "" where there is nobody and nothing to name."""
    return telling.name_of(named) if named else ""


@register.filter
def name_in_both(named: Person | Organization) -> SafeString:
    """The name in the reader's script, then the one in the other, each marked so that it is
    drawn and read as what it is.
    """
    if not named.name_zh or named.name_zh == named.name:
        return escape(named.name)
    if reads_chinese():
        return format_html('{} <span lang="en">{}</span>', named.name_zh, named.name)
    return format_html('{} <span lang="zh">{}</span>', named.name, named.name_zh)


@register.filter
def name_in_list(named: Person | Organization) -> SafeString:
    """In English with the Chinese name, which is the better known of the two."""
    if reads_chinese():
        return escape(telling.name_of(named))
    return name_in_both(named)


@register.filter
def listed(words: list[str]) -> str:
    """ "a, b, c", with the comma that the language puts between words of a list."""
    return pgettext("in a list", ", ").join(words)


@register.filter
def within(organization: Organization) -> str:
    """The company of a unit, unless the unit's own name says it: "Meta" for TBD Lab."""
    company = organization.company
    if not organization.is_unit or company is None:
        return ""
    return "" if company.name in organization.name else telling.name_of(company)
