"""How the record is told: who moved where in one sentence, and on what sources it stands."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import ngettext

from talent.common.language import reads_chinese, spaced
from talent.registry.models import Event, Organization, Person, Reason

# Reasons that most copies of the record have. Where a reason has no Chinese name of its
# own, the catalogue's is shown.
REASONS = (
    noop("acquihire or licensing deal"),
    noop("compensation"),
    noop("compute access"),
    noop("dismissal"),
    noop("founding a company"),
    noop("layoff"),
    noop("leadership conflict"),
    noop("mission"),
    noop("other"),
    noop("personal"),
    noop("reorganisation"),
    noop("research freedom"),
    noop("retirement"),
    noop("return to academia"),
    noop("safety concerns"),
    noop("strategy disagreement"),
)


def name_of(named: Person | Organization) -> str:
    """The name in the reader's script, where it is known."""
    return in_script(named.name, named.name_zh)


def in_script(name: str, name_zh: str) -> str:
    return name_zh if name_zh and reads_chinese() else name


def reason_in_words(name: str, name_zh: str = "") -> str:
    return in_script(name, name_zh or (_(name) if name in REASONS else ""))


def called(value: object) -> str:
    """A value of a filter, or what a form is about, as chips and headings say it."""
    match value:
        case Event() if reads_chinese():
            return sentence(value)
        case Reason():
            return reason_in_words(value.name, value.name_zh)
        case Person() | Organization() if reads_chinese():
            return name_of(value)
    return str(value)


def sentence(event: Event) -> str:
    """The event in plain words: "Ada left Apple for Meta", "Ada joined Meta from Apple"."""
    names = {
        "person": name_of(event.person),
        "organization": name_of(event.organization),
        "other": name_of(event.counterpart) if event.counterpart else "",
    }
    told = pattern(event) % names
    return spaced(told) if reads_chinese() else told


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
