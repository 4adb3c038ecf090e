"""Drawing the pages that are opened most before anybody opens them.

A change of the record makes every kept page old. Some pages count over the whole record: their
first reader would wait, so a worker is that reader.
"""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache, caches
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve
from django.utils import timezone, translation
from django_htmx.middleware import HtmxDetails

from talent.common.release import release
from talent.dashboard.caching import SHARED_FOR, shared_addresses
from talent.insights.version import data_version

DRAWN = "pages-drawn"


def draw_pages() -> int:
    """Draw the shared pages of the present record, unless that was done. Returns how many.

    They are kept under the number they were drawn of, so a change meanwhile does no harm.
    """
    present = f"{data_version()}:{release()}:{timezone.localdate()}"
    if cache.get(DRAWN) == present:
        return 0
    # What this process kept would hide that Redis lost it.
    caches["pages"].clear()
    pages = 0
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for address in shared_addresses(language):
                draw(address)
                pages += 1
    cache.set(DRAWN, present, SHARED_FOR)
    return pages


def draw(address: str) -> None:
    """Ask the view as a reader does, who accepts whatever comes."""
    site, parts = urlsplit(settings.SITE_URL), urlsplit(address)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(site.port or 443),
            "wsgi.url_scheme": site.scheme,
            "wsgi.input": BytesIO(),
        }
    )
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]  # as its middleware does
    request.resolver_match = match = resolve(parts.path)
    match.func(request, *match.args, **match.kwargs)
