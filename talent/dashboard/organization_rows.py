"""The rows of a company's page, as HTML.

It has a hundred of them in seven lists. As in `event_row`, plain Python: the template engine took
a quarter of the page's time for them.
"""

from __future__ import annotations

from html import escape

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from talent.dashboard.event_row import money, tag
from talent.dashboard.organization_page import End, Line
from talent.dashboard.templatetags.wording import address, name_in_list, within
from talent.dashboard.timeline_svg import timeline_bar
from talent.dashboard.timelines import Bar, Lane
from talent.insights.models import Stint
from talent.registry.models import Organization, Person
from talent.registry.wording import name_of


def person_link(person: Person) -> str:
    return (
        f'<a class="event-person" href="{escape(address(person))}">'
        f"{name_in_list(person)}</a>"
    )


# -- Newest arrivals and departures ---------------------------------------------------------


def move_line(line: Line, organization: Organization, *, into: bool) -> SafeString:
    """A move into the place or (not `into`) out of it: who, the other end, for how much."""
    move = line.row.move
    other, here = (
        (move.origin, move.destination) if into else (move.destination, move.origin)
    )
    parts = [person_link(move.person)]
    if other:
        look, sign = ("departure", "▼") if into else ("arrival", "▲")
        parts.append(
            f'<span class="{look}"><span aria-hidden="true">{sign}</span>&nbsp;'
            f'<a href="{escape(address(other))}">{escape(name_of(other))}</a></span>'
        )
        if company := within(other):
            parts.append(f"<small>{escape(company)}</small>")
    if here and here.pk != organization.pk:
        parts.append(f"<small>{escape(name_of(here))}</small>")
    if line.package:
        parts.append(money(line.package))
    if move.founder:
        parts.append(tag(_("founder")))
    if move.is_return:
        parts.append(tag(_("returned") if into else _("went back")))
    if line.row.left:
        parts.append(tag(_("left %(date)s") % {"date": line.row.left}))
    if line.stay and line.stay.length:
        parts.append(tag(_("after %(length)s") % {"length": line.stay.length}))
    day, url = escape(str(move.date)), line.row.url
    dated = (
        f'<a class="event-date" href="{escape(url)}">{day}</a>'
        if url
        else f'<span class="event-date">{day}</span>'
    )
    return mark_safe(  # each part is escaped
        f'<li class="move-line">{dated}<p>{" ".join(parts)}</p></li>\n'
    )


# -- Where from, where to -------------------------------------------------------------------


def end_row(end: End, look: str) -> SafeString:
    """With its bar; `look` is that of an arrival or a departure."""
    if company := end.place.company:
        told = f'<a href="{escape(address(company))}">{escape(name_of(company))}</a>'
    else:
        words = _("other companies") if end.look == "others" else _("not on record")
        told = f'<span class="note">{escape(words)}</span>'
    return mark_safe(  # each part is escaped
        f'<li>{told} <svg class="place-bar place-{end.look}" width="100%" height="10" '
        f'aria-hidden="true"><rect class="place-{look}" width="{end.width}" height="10"/>'
        f'</svg> <a class="number" href="{escape(end.url)}">{intcomma(end.place.moves)}'
        "</a></li>\n"
    )


# -- Stints ---------------------------------------------------------------------------------


def name_row(stint: Stint, organization: Organization) -> SafeString:
    """Who, and until or since when."""
    if stint.end:
        told = _("until %(end)s") % {"end": stint.end}
        if stint.length:
            told = f"{stint.length}{_(', ')}{told}"
    elif stint.start:
        told = _("since %(start)s") % {"start": stint.start}
    else:
        told = _("start not recorded")
    note = _(", ").join([told, *in_unit(stint, organization)])
    return mark_safe(  # each part is escaped
        f'<li>{person_link(stint.person)} <span class="note">{escape(note)}</span></li>\n'
    )


def stay_row(stint: Stint, organization: Organization) -> SafeString:
    """Who, how long, from when to when."""
    start, end = stint.start, stint.end
    told = ""
    if start and end:
        told = f"{start} – {end}"
    elif start:
        told = _("since %(start)s") % {"start": start}
    elif end:
        told = _("until %(end)s") % {"end": end}
    note = [told, *in_unit(stint, organization)]
    if stint.end_inferred:
        note.append(_("end inferred"))
    length = f"<b>{escape(str(stint.length))}</b>" if stint.length else ""
    return mark_safe(  # each part is escaped
        f'<li class="record"><p class="record-line">{person_link(stint.person)} {length} '
        f'<span class="note">{escape(_(", ").join(note))}</span></p></li>\n'
    )


def in_unit(stint: Stint, organization: Organization) -> list[str]:
    """The unit last known, unless the page is its own."""
    if stint.unit is None or stint.unit_id == organization.pk:
        return []
    return [name_of(stint.unit)]


# -- The timeline ---------------------------------------------------------------------------


def lane_row(lane: Lane, grid: SafeString, organization: Organization) -> SafeString:
    """A person's stays here, told and drawn."""
    person = lane.person
    assert person is not None
    told = "".join(bar_in_words(bar, organization) for bar in lane.bars)
    drawn = "".join(timeline_bar(bar) for bar in lane.bars)
    return mark_safe(  # each part is escaped
        f'<li class="lane"><div><h3 class="lane-name"><a href="{escape(address(person))}">'
        f"{name_in_list(person)}</a></h3>{told}</div>"
        '<svg class="lane-drawing" height="28" role="img" '
        f'aria-label="{escape(lane.sentence)}">{grid}{drawn}</svg></li>\n'
    )


def bar_in_words(bar: Bar, organization: Organization) -> str:
    stay = bar.stay
    told = escape(bar.period)
    if stay.length:
        told += f" · <strong>{escape(str(stay.length))}</strong>"
    if stay.unit and stay.unit.pk != organization.pk:
        told += f" · {escape(name_of(stay.unit))}"
    for is_so, words in (
        (stay.founder, _("founder")),
        (stay.is_return, _("returned")),
        (stay.end_inferred, _("end inferred")),
    ):
        if is_so:
            told += f" {tag(words)}"
    return f'<p class="lane-told">{told}</p>'
