"""One event as a row of a list, as HTML.

Lists have fifty rows and more. The template engine takes ten times as long for one, which
was half of the page's time; so a row is written here, in one pass of plain Python.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate, Precision
from talent.dashboard.templatetags.wording import (
    address,
    name_in_both,
    standing_in_words,
    within,
)
from talent.dashboard.wording import verb
from talent.registry.event_rows import packages_of
from talent.registry.models import Event, Organization
from talent.registry.wording import sources_in_words


def event_row(event: Event, *, without_person: bool = False) -> SafeString:
    """The event as a sentence, a <li> of an <ul class="event-list">.

    Needs `event` loaded by `event_rows` and `complete`, or with_ends() and with_packages().
    `without_person` where the page is the person's own.
    """
    where = escape(address(event))
    denied = " event-row-denied" if event.standing == "denied" else ""
    parts: list[str] = [ends(event, post=event.title or event.team)]
    if not without_person:
        parts.insert(
            0,
            f'<a class="event-person" href="{escape(address(event.person))}">'
            f"{name_in_both(event.person)}</a>",
        )
    parts += [
        get_template("components/money.html").render({"package": package})
        for package in packages_of(event)
    ]
    if event.never_started:
        parts.append(f'<span class="tag">{escape(_("never started"))}</span>')
    if event.background:
        parts.append(f'<span class="tag">{escape(_("career history"))}</span>')
    language = get_language()
    standing = escape(standing_in_words(event.standing))
    return mark_safe(  # each part is escaped
        f'<li class="event-row{denied}">'
        f'<a class="event-date" href="{where}">'
        f"{day(event.happened_on, event.precision, language)}</a>"
        f'<p class="event-sentence">{" ".join(parts)}</p>'
        '<p class="event-marks">'
        f'<span class="standing standing-{event.standing}">{standing}</span> '
        f'<a href="{where}#sources">'
        f"{sources(event.source_count, event.origin_count, language)}</a></p></li>\n"
    )


def ends(event: Event, *, post: str = "") -> SafeString:
    """ "left ▼ Apple → ▲ Meta". The end that the event itself records is bold.

    The other one is only stated by it. A hollow triangle: announced, never started. `post`
    is what somebody became, or was.
    """
    origin, destination = event.origin, event.destination
    parts = []
    if origin:
        sort = "departure event-end-stated" if event.is_hire else "departure"
        parts.append(end(origin, sort=sort, sign="▼"))
    if destination:
        sort = "arrival" if event.is_hire else "arrival event-end-stated"
        sign = "△" if event.never_started else "▲"
        parts.append(end(destination, sort=sort, sign=sign))
    to = escape(_("to"))
    arrow = (
        f' <span aria-hidden="true">→</span><span class="visually-hidden">{to}</span> '
    )
    became = f'<span class="event-post">, {escape(post)}</span>' if post else ""
    return mark_safe(  # each part is escaped
        f'<span class="event-verb">{escape(verb(event))}</span> '
        f'<span class="event-ends">{arrow.join(parts)}{became}</span>'
    )


def end(organization: Organization, *, sort: str, sign: str) -> str:
    company = within(organization)
    return (
        f'<span class="event-end {sort}"><span aria-hidden="true">{sign}</span>&nbsp;'
        f'<a href="{escape(address(organization))}">{escape(organization.name)}</a>'
        f"{f' <small>{escape(company)}</small>' if company else ''}</span>"
    )


# Lists say the same days and numbers over and over, each in the reader's language.


@lru_cache(maxsize=2048)
def day(first: date, precision: str, language: str | None) -> str:
    on = PartialDate(first, Precision(precision))
    return f'<time datetime="{escape(on.isoformat())}">{escape(on)}</time>'


@lru_cache(maxsize=256)
def sources(source_count: int, origin_count: int, language: str | None) -> str:
    return escape(sources_in_words(source_count, origin_count))
