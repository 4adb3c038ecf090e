"""Pictures and tables of figures at addresses that stay."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.pictures import Busy
from talent.dashboard.caching import changes_with_record
from talent.dashboard.charts import WrongQuery, as_csv, as_png, as_svg, makers

# Seconds after which to ask for a picture again.
COME_BACK = 20


def busy() -> HttpResponse:
    """Other pictures are being drawn, and pages come first."""
    text = _("Other pictures are being drawn: try again soon.")
    response = HttpResponse(
        f"{text}\n", status=503, content_type="text/plain; charset=utf-8"
    )
    response.headers["Retry-After"] = str(COME_BACK)
    return response


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
            try:
                response = HttpResponse(as_png(drawn), content_type="image/png")
            except Busy:
                return busy()
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
