"""One event as a row of a list, as HTML.

Lists have fifty rows and more. The template engine takes ten times as long for one, which
was half of the page's time; so a row is written here, in one pass of plain Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate, Precision
from talent.dashboard.templatetags.wording import (
    address,
    name_in_list,
    standing_in_words,
    within,
)
from talent.dashboard.wording import verb
from talent.registry.event_rows import Paid, pay_of
from talent.registry.models import Event, Organization, Package
from talent.registry.models.events import Standing
from talent.registry.wording import name_of, sources_in_words

# "escape" is Python's own: Django's would ask of every text whether it is still to be
# translated, which took as long as the rest of the row.


def event_row(event: Event, *, without_person: bool = False) -> SafeString:
    """The event as a sentence, a <li> of an <ul class="event-list">.

    Needs `event` loaded by `event_rows` and `complete`, or with_ends() and with_packages().
    `without_person` where the page is the person's own.
    """
    language = get_language()
    words = words_in(language)
    where = escape(address(event))
    denied = " event-row-denied" if event.standing == "denied" else ""
    parts: list[str] = [ends(event, post=event.title or event.team)]
    if not without_person:
        parts.insert(
            0,
            f'<a class="event-person" href="{escape(address(event.person))}">'
            f"{name_in_list(event.person)}</a>",
        )
    parts += [amount(paid) for paid in pay_of(event) if paid.figure.is_stated]
    if event.never_started:
        parts.append(words.never_started)
    if event.background:
        parts.append(words.history)
    return mark_safe(  # each part is escaped
        f'<li class="event-row{denied}">'
        f'<a class="event-date" href="{where}">'
        f"{day(event.happened_on, event.precision, language)}</a>"
        f'<p class="event-sentence">{" ".join(parts)}</p>'
        f'<p class="event-marks">{words.standings[event.standing]} '
        f'<a href="{where}#sources">'
        f"{sources(event.source_count, event.origin_count, language)}</a></p></li>\n"
    )


def ends(event: Event, *, post: str = "") -> SafeString:
    """ "left ▼ Apple → ▲ Meta". The end that the event itself records is bold.

    The other one is only stated by it. A hollow triangle: announced, never started. `post`
    is what somebody became, or was.
    """
    words = words_in(get_language())
    origin, destination = event.origin, event.destination
    parts = []
    if origin:
        sort = "departure event-end-stated" if event.is_hire else "departure"
        parts.append(end(origin, sort=sort, sign="▼"))
    if destination:
        sort = "arrival" if event.is_hire else "arrival event-end-stated"
        sign = "△" if event.never_started else "▲"
        parts.append(end(destination, sort=sort, sign=sign))
    became = (
        f'<span class="event-post">{words.comma}{escape(post)}</span>' if post else ""
    )
    return mark_safe(  # each part is escaped
        f'<span class="event-verb">{escape(verb(event))}</span> '
        f'<span class="event-ends">{words.arrow.join(parts)}{became}</span>'
    )


def end(organization: Organization, *, sort: str, sign: str) -> str:
    company = within(organization)
    return (
        f'<span class="event-end {sort}"><span aria-hidden="true">{sign}</span>&nbsp;'
        f'<a href="{escape(address(organization))}">{escape(name_of(organization))}</a>'
        f"{f' <small>{escape(company)}</small>' if company else ''}</span>"
    )


def money(package: Package) -> SafeString:
    """The headline figure, or "" where there is none. Needs the readings loaded."""
    figure = package.headline
    if figure is None or not figure.is_stated:
        return mark_safe("")
    return mark_safe(amount(Paid(package, figure)))  # it is escaped


def amount(paid: Paid) -> str:
    """With what makes it less than pay received: its standing and its outcome."""
    package, figure = paid
    words = words_in(get_language())
    stated = escape(str(figure))
    parts = [f"<s>{stated}</s>" if figure.standing == Standing.DENIED else stated]
    if figure.standing in (Standing.DENIED, Standing.RUMOURED):
        parts.append(words.standings[figure.standing])
    if package.outcome in (Package.Outcome.DECLINED, Package.Outcome.OFFERED):
        parts.append(tag(package.get_outcome_display()))
    return f'<span class="money">{" ".join(parts)}</span>'


def tag(text: str) -> str:
    return f'<span class="tag">{escape(text)}</span>'


# Lists say the same words, days and numbers over and over, each in the reader's language.


@dataclass(frozen=True, slots=True)
class Words:
    """As HTML."""

    arrow: str
    comma: str
    never_started: str
    history: str
    standings: dict[str, str]


@cache
def words_in(language: str | None) -> Words:
    """`language` is the active one."""
    return Words(
        arrow=' <span aria-hidden="true">→</span>'
        f'<span class="visually-hidden">{escape(_("to"))}</span> ',
        comma=_(", "),
        never_started=tag(_("never started")),
        history=tag(_("career history")),
        standings={
            each: f'<span class="standing standing-{each}">'
            f"{escape(standing_in_words(each))}</span>"
            for each in Standing.values
        },
    )


@lru_cache(maxsize=2048)
def day(first: date, precision: str, language: str | None) -> str:
    on = PartialDate(first, Precision(precision))
    return f'<time datetime="{on.isoformat()}">{escape(str(on))}</time>'


@lru_cache(maxsize=256)
def sources(source_count: int, origin_count: int, language: str | None) -> str:
    return escape(sources_in_words(source_count, origin_count))
