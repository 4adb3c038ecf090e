"""The archive: every period's digest of everything, as anybody may read it, in the language of
the address.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.common.partial_dates import PartialDate, Precision
from talent.digests.letters import TITLES, Letter
from talent.digests.models import Edition
from talent.digests.periods import Frequency
from talent.digests.withholding import withhold

NEWEST = 60


@require_safe
def archive(request: HtmxHttpRequest) -> HttpResponse:
    """The newest editions of each frequency, by subject."""
    editions = {
        frequency: list(newest(frequency))
        for frequency in (Frequency.WEEKLY, Frequency.MONTHLY, Frequency.DAILY)
    }
    letters = withhold(
        {each.content_id: head(each) for found in editions.values() for each in found}
    )
    shelves = [
        {
            "frequency": frequency,
            "title": TITLES[frequency],
            "rows": [row(edition, letters[edition.content_id]) for edition in found],
        }
        for frequency, found in editions.items()
        if found
    ]
    return render_page(request, "digests/archive.html", {"shelves": shelves})


def newest(frequency: Frequency) -> QuerySet[Edition]:
    """Of each letter, only what its subject may speak of."""
    return (
        Edition.objects.filter(frequency=frequency, language=get_language())
        .annotate(
            subject=F("content__subject"),
            item=F("content__letter__items__0"),
            correction=F("content__letter__corrections__0"),
        )
        .order_by("-period_start")[:NEWEST]
    )


def head(edition: Any) -> Letter:
    """The subject of a row of `newest`, and what it may speak of."""
    return Letter.from_json(
        {
            "subject": edition.subject,
            "title": str(TITLES[edition.frequency]),
            "items": [edition.item] if edition.item else [],
            "corrections": [edition.correction] if edition.correction else [],
        }
    )


def row(edition: Edition, letter: Letter) -> dict[str, Any]:
    return {
        "edition": edition,
        "period": period_in_words(edition),
        "subject": letter.subject,
    }


def period_in_words(edition: Edition) -> str:
    """ "November 2026", "23 November 2026 to 29 November 2026", or a day."""
    first = edition.period_start
    match edition.frequency:
        case Frequency.MONTHLY:
            return str(PartialDate(first, Precision.MONTH))
        case Frequency.WEEKLY:
            last = PartialDate(first + timedelta(days=6))
            return _("%(first)s to %(last)s") % {
                "first": PartialDate(first),
                "last": last,
            }
    return str(PartialDate(first))


@require_safe
def edition(request: HtmxHttpRequest, frequency: str, period: str) -> HttpResponse:
    try:
        day = date.fromisoformat(period)
    except ValueError as impossible:
        raise Http404 from impossible
    found = get_object_or_404(
        Edition.objects.select_related("content"),
        frequency=frequency,
        period_start=day,
        language=get_language(),
    )
    kept = Letter.from_json(found.content.letter)
    letter = withhold({found.content_id: kept})[found.content_id]
    context = {
        "letter": letter,
        "withheld": letter != kept,
        "period": period_in_words(found),
        "older": beside(found, older=True),
        "newer": beside(found, older=False),
    }
    return render_page(request, "digests/edition.html", context)


def beside(found: Edition, *, older: bool) -> Edition | None:
    rows = Edition.objects.filter(frequency=found.frequency, language=found.language)
    if older:
        rows = rows.filter(period_start__lt=found.period_start)
        return rows.order_by("-period_start").first()
    rows = rows.filter(period_start__gt=found.period_start)
    return rows.order_by("period_start").first()
