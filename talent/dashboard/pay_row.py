"""One package as a <li> of an <ul class="event-list">: who, what, and why it counts or does not.

A page has dozens: as in `event_row`, plain Python.
"""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from talent.dashboard.event_row import tag
from talent.dashboard.pay_rows import PayRow
from talent.dashboard.table_rows import link
from talent.dashboard.templatetags.wording import (
    address,
    name_in_list,
    standing_in_words,
    within,
)
from talent.registry.models import Package
from talent.registry.wording import name_of


def pay_row(row: PayRow) -> SafeString:
    stated = escape(row.stated)
    money = f"<s>{stated}</s>" if row.is_refuted else stated
    marks = [
        who(row.package),
        ends(row.package),
        f'<span class="money">{money}</span>',
        tag(row.package.get_outcome_display()),
    ]
    if row.stayed:
        marks.append(tag(stayed(row)))
    told = "".join(f"<span>{escape(note)}</span> " for note in notes(row))
    marks.append(f'<span class="pay-notes">{told}</span>')
    standing = ""
    if row.figure:
        words = escape(standing_in_words(row.line.standing))
        look = f"standing standing-{row.line.standing}"
        standing = f'<span class="{look}">{words}</span>'
    return mark_safe(  # every part is escaped
        f'<li class="event-row">{when(row)}<p class="event-sentence">{" ".join(marks)}</p>'
        f'<p class="event-marks">{standing}</p></li>'
    )


def when(row: PayRow) -> str:
    dated, event = row.line.dated, row.package.event
    if dated:
        told = f'<time datetime="{dated.isoformat()}">{escape(str(dated))}</time>'
    else:
        told = escape(_("the hire") if event else _("date not known"))
    if not event:
        return f'<span class="event-date">{told}</span>'
    return f'<a class="event-date" href="{escape(address(event))}">{told}</a>'


def who(package: Package) -> str:
    if not package.person:
        return escape(package.recipients)
    url, name = escape(address(package.person)), name_in_list(package.person)
    return f'<a class="event-person" href="{url}">{name}</a>'


def ends(package: Package) -> str:
    place = package.organization
    company = within(place)
    inside = f" <small>{escape(company)}</small>" if company else ""
    return f'<span class="event-ends">{link(address(place), name_of(place))}{inside}</span>'


def stayed(row: PayRow) -> str:
    stay = row.stay
    assert stay is not None
    if not stay.ended:
        return _("still there after %(length)s") % {"length": stay.length}
    told = _("left after %(length)s") % {"length": stay.length}
    return f"{told}{_(', ')}{_('end inferred')}" if stay.inferred else told


def notes(row: PayRow) -> list[str]:
    found = []
    if not row.is_counted:
        found.append(_("Not counted: %(part)s.") % {"part": row.part.label})
    if amount := row.in_dollars:
        rate = row.rate
        told = _("%(amount)s (%(rate)s).") if rate else _("%(amount)s.")
        found.append(told % {"amount": amount, "rate": rate})
    if not row.is_refuted:
        if per_year := row.per_year:
            found.append(_("Per year: %(amount)s.") % {"amount": per_year})
        elif row.is_not_comparable:
            found.append(_("Per year: not comparable."))
    if row.figure and row.figure.note:
        found.append(as_sentence(row.figure.note))
    return found


def as_sentence(note: str) -> str:
    """A remark as the sentence after another one. Names that begin small, like xAI, stay so."""
    first = note.partition(" ")[0]
    if first.isalpha() and first.islower():
        note = note[0].upper() + note[1:]
    if note.endswith((".", "!", "?", "。", ".”", "。”", '."')):
        return note
    return note + ("." if note[-1].isascii() else "。")
