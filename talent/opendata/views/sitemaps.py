"""/sitemap.xml and the files it leads to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from talent.opendata import sitemaps
from talent.opendata.outlet import outlet

XML = "application/xml; charset=utf-8"


@outlet
def index(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(sitemaps.index(), content_type=XML)


@outlet
def pages(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("".join(sitemaps.page_lines()), content_type=XML)


@outlet
def part(_request: HttpRequest, name: str, number: int) -> StreamingHttpResponse:
    of = sitemaps.PARTS.get(name)
    if of is None or number > sitemaps.LAST_FILE or not of.has(number):
        raise Http404
    lines = sitemaps.file_lines(of, number)
    return StreamingHttpResponse(lines, content_type=XML)
