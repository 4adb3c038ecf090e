"""Pictures and tables of figures at addresses that stay."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from talent.dashboard.caching import changes_with_record
from talent.dashboard.charts import WrongQuery, as_csv, as_png, as_svg, makers


@require_safe
@changes_with_record
def chart(request: HttpRequest, name: str, extension: str) -> HttpResponse:
    maker = makers.get(name)
    if maker is None:
        raise Http404
    try:
        drawn = maker(request.GET)
    except WrongQuery as wrong:
        raise BadRequest(str(wrong)) from wrong
    match extension:
        case "svg":
            response = HttpResponse(as_svg(drawn), content_type="image/svg+xml")
        case "png":
            response = HttpResponse(as_png(drawn), content_type="image/png")
        case _:
            response = HttpResponse(
                as_csv(drawn), content_type="text/csv; charset=utf-8"
            )
    if extension == "svg":
        # A file with its own colours inside; nothing in it can load or run.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        )
    response.headers["Content-Disposition"] = f'inline; filename="{name}.{extension}"'
    return response
