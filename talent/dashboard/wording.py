"""How the record is put into words: verbs and sentences, sources, amounts."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talent.common import money
from talent.common.rates import Dollars
from talent.registry.models import Event, Reading


def verb(event: Event) -> str:
    """The word between the person and the ends: "left", "joined", "returned from" …

    "from" closes it where a hire names the place left, which is read next in a row.
    """
    if not event.is_hire:
        return _("left")
    from_somewhere = event.counterpart_id is not None
    if event.never_started:
        return _("was to join from") if from_somewhere else _("was to join")
    if event.founder:
        return _("founded, from") if from_somewhere else _("founded")
    if event.stated_return:
        return _("returned from") if from_somewhere else _("returned to")
    return _("joined from") if from_somewhere else _("joined")


def sentence(event: Event) -> str:
    """The event in plain words: "Ada left Apple for Meta", "Ada joined Meta from Apple"."""
    names = {
        "person": event.person.name,
        "organization": event.organization.name,
        "other": event.counterpart.name if event.counterpart else "",
    }
    return pattern(event) % names


def pattern(event: Event) -> str:
    if not event.is_hire:
        if event.counterpart_id:
            return _("%(person)s left %(organization)s for %(other)s")
        return _("%(person)s left %(organization)s")
    if event.never_started:
        return _("%(person)s was to join %(organization)s and never started")
    if event.founder:
        return _("%(person)s founded %(organization)s")
    if event.stated_return:
        if event.counterpart_id:
            return _("%(person)s returned to %(organization)s from %(other)s")
        return _("%(person)s returned to %(organization)s")
    if event.counterpart_id:
        return _("%(person)s joined %(organization)s from %(other)s")
    return _("%(person)s joined %(organization)s")


def sources_of(event: Event) -> str:
    """ "3 sources, 1 origin": pages that retell one report have one origin."""
    if not event.source_count:
        return _("no source yet")
    sources = ngettext("%(n)s source", "%(n)s sources", event.source_count) % {
        "n": event.source_count
    }
    origins = ngettext("%(n)s origin", "%(n)s origins", event.origin_count) % {
        "n": event.origin_count
    }
    return _("%(sources)s, %(origins)s") % {"sources": sources, "origins": origins}


def last_post(event: Event) -> str:
    """Where a newest event leaves somebody: "OpenAI, February 2026", "left Apple, 2025"."""
    if event.destination:
        place = event.destination.name
    else:
        place = _("left %(organization)s") % {"organization": event.organization.name}
    return _("%(place)s, %(date)s") % {"place": place, "date": event.date}


def per_year(reading: Reading) -> str:
    """What the figure is per year, as far as it says so itself; "" is "not comparable"."""
    amounts = reading.per_year
    if amounts is None or reading.rank == Reading.Rank.CONTRADICTED:
        return ""
    low, high = amounts
    return money.stated(reading.currency, low, high, reading.qualifier)


def in_dollars(dollars: Dollars) -> str:
    """A converted amount, never more exact than three digits: a rate is no statement."""
    digits = len(str(dollars.amount)) - 3
    rounded = round(dollars.amount, -digits) if digits > 0 else dollars.amount
    return _("about %(amount)s") % {"amount": money.amount("USD", rounded)}
