"""Waves: linked moves in a short time, as a curator has put them together."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.common.partial_dates import PartialDate
from talent.dashboard.caching import changes_with_record
from talent.dashboard.wave_chart import rows_of, wave_chart
from talent.registry.models import Wave
from talent.registry.models.events import Status
from talent.registry.wording import in_script

PER_PAGE = 30


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


@require_safe
@changes_with_record
def waves(request: HtmxHttpRequest) -> HttpResponse:
    public = Count(
        "events__person", filter=Q(events__status=Status.PUBLISHED), distinct=True
    )
    rows = Wave.objects.published().annotate(people=public).newest_first()
    number = request.GET.get("page", "")
    try:
        page = Paginator(rows, PER_PAGE).page(number or 1)
    except InvalidPage as nowhere:
        text = _("There is no page “%(number)s” of this list.")
        raise BadRequest(text % {"number": number[:20]}) from nowhere
    context = {"page": page, "told": [told(wave) for wave in page.object_list]}
    return render_page(request, "dashboard/waves.html", context)


@require_safe
@changes_with_record
def wave(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    found = Wave.objects.published().filter(slug=slug).first()
    if found is None:
        raise Http404
    rows = rows_of(found)
    return render_page(
        request,
        "dashboard/wave.html",
        {"told": told(found), "rows": rows, "chart": wave_chart(found, rows)},
    )
