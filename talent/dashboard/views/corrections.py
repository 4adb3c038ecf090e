"""Every correction of the published record, dated."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard import corrections
from talent.dashboard.caching import changes_with_record


@require_safe
@changes_with_record
def correction_list(request: HtmxHttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    try:
        page = corrections.corrections(before)
    except ValueError as error:
        text = _("“%(place)s” is no place in this list: go back to its beginning.")
        raise BadRequest(text % {"place": before[:60]}) from error
    return render_page(
        request,
        "dashboard/corrections.html",
        {
            "lines": page.lines,
            "older": f"?before={page.older}" if page.older else "",
            "begun": bool(before),
        },
    )
