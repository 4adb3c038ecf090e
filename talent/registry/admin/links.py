"""Links between rows of the desk. Names come from people: everything is escaped."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from talent.registry.doubts import Doubt
from talent.registry.models.events import EventQuerySet

MOST_LISTED = 20


def address_of(row: Model) -> str:
    """The row's page at the desk."""
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def linked(rows: Iterable[Model]) -> SafeString | str:
    links = format_html_join(
        "", '<li><a href="{}">{}</a></li>', ((address_of(row), row) for row in rows)
    )
    return format_html('<ul class="desk-rows">{}</ul>', links) if links else "–"


def listed_events(*parts: EventQuerySet) -> SafeString | str:
    """The newest events of one or more sets, each with its status.

    Two ends of a move are two sets, each with an index of its own; an OR of them has none.
    """
    rows = {
        event.pk: event
        for events in parts
        for event in events.with_ends().newest_first()[: MOST_LISTED + 1]
    }
    newest = sorted(rows.values(), key=lambda event: (event.recency, event.pk))
    shown = newest[: -MOST_LISTED - 2 : -1]
    items = format_html_join(
        "",
        '<li><a href="{}">{}</a> {}</li>',
        (
            (
                address_of(event),
                event,
                badge("status", event.status, event.get_status_display()),
            )
            for event in shown[:MOST_LISTED]
        ),
    )
    more = format_html("<li>{}</li>", _("and more")) if len(shown) > MOST_LISTED else ""
    if not items:
        return "–"
    return format_html('<ul class="desk-rows">{}{}</ul>', items, more)


def badge(sort: str, value: str, text: str) -> SafeString:
    return format_html('<span class="desk-{} desk-{}">{}</span>', sort, value, text)


def as_message(doubt: Doubt, row: Model) -> SafeString:
    """A sentence with links to the row and to what the doubt is about."""
    link = (
        format_html(' <a href="{}">{}</a>', address_of(doubt.about), doubt.about)
        if doubt.about is not None
        else ""
    )
    return format_html(
        '<a href="{}">{}</a>: {}{}', address_of(row), row, doubt.sentence, link
    )
