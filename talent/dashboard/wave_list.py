"""Waves in a list: in the reader's language, with how many people moved."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate
from talent.registry.models import Wave
from talent.registry.models.events import Status
from talent.registry.wording import in_script

# Whether there is a wave for the menu to name, as the newest request for a page of the record
# found it beside its number: pages that ask for no number, of errors too, have the same menu.
any_published = False


@dataclass(frozen=True, slots=True)
class Told:
    """A wave in the reader's language."""

    wave: Wave
    title: str
    summary: str
    period: str


def told(wave: Wave) -> Told:
    first, last = PartialDate(wave.first_day), PartialDate(wave.last_day)
    return Told(
        wave,
        title=in_script(wave.title, wave.title_zh),
        summary=in_script(wave.summary, wave.summary_zh),
        period=str(first)
        if wave.first_day == wave.last_day
        else _("%(first)s – %(last)s") % {"first": first, "last": last},
    )


def listed_waves() -> QuerySet[Wave]:
    """Newest first. Each with `people`."""
    public = Count(
        "events__person", filter=Q(events__status=Status.PUBLISHED), distinct=True
    )
    return Wave.objects.published().annotate(people=public).newest_first()
