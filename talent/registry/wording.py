"""How the record is told: who moved where in one sentence, and on what sources it stands."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from talent.registry.models import Event, Organization, Person


def name_of(named: Person | Organization) -> str:
    """The name in the reader's script, where it is known."""
    chinese = (get_language() or "").startswith("zh")
    return (named.name_zh if chinese else "") or named.name


def sentence(event: Event) -> str:
    """The event in plain words: "Ada left Apple for Meta", "Ada joined Meta from Apple"."""
    names = {
        "person": name_of(event.person),
        "organization": name_of(event.organization),
        "other": name_of(event.counterpart) if event.counterpart else "",
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
    return sources_in_words(event.source_count, event.origin_count)


def sources_in_words(source_count: int, origin_count: int) -> str:
    if not source_count:
        return _("no source yet")
    sources = ngettext("%(n)s source", "%(n)s sources", source_count) % {
        "n": source_count
    }
    origins = ngettext("%(n)s origin", "%(n)s origins", origin_count) % {
        "n": origin_count
    }
    return _("%(sources)s, %(origins)s") % {"sources": sources, "origins": origins}
