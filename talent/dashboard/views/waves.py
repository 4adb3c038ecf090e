"""Waves: linked moves in a short time, as a curator has put them together."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.wave_chart import rows_of, wave_chart
from talent.dashboard.wave_list import listed_waves, told
from talent.registry.models import Wave

PER_PAGE = 30


@require_safe
@changes_with_record
def waves(request: HtmxHttpRequest) -> HttpResponse:
    number = request.GET.get("page", "")
    try:
        page = Paginator(listed_waves(), PER_PAGE).page(number or 1)
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
