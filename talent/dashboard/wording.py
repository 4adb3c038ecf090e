"""How rows of the pages put the record into words: verbs, last posts, amounts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from talent.common import money
from talent.common.rates import Dollars
from talent.registry.models import Event, Reading
from talent.registry.wording import name_of


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


def last_post(event: Event) -> str:
    """Where a newest event leaves somebody: "OpenAI, February 2026", "left Apple, 2025"."""
    if event.destination:
        place = name_of(event.destination)
    else:
        left = name_of(event.organization)
        place = _("left %(organization)s") % {"organization": left}
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
