"""Pages carry the number of the record as their ETag: an unchanged page costs one query.

A finished page is kept under that same number, so nobody ever sees one of an older record:
compressed, in the memory of its process, and no more of them than fit into some megabytes.
Not in Redis: a crawler that walks through all filters would crowd out the queue there, and
every page would wait for a slow one. Only the few pages that a worker draws ahead are shared
there (see `ahead`), so that even the first reader after a change does not wait for them.
"""

from __future__ import annotations

import functools
import gzip
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any
from zlib import crc32

from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import condition

from talent.common.release import release
from talent.dashboard import wave_list
from talent.insights.version import state_of_record

# Opened most, and slowest to make, in every language: names of views, and query strings.
SHARED = (
    *(("dashboard:home", query) for query in ("", "period=week", "period=quarter")),
    *((f"dashboard:{name}", "") for name in ("event_list", "moves", "stays", "pay")),
    ("dashboard:seats", ""),
)
# The target itself too: a checksum could be forged, and show a part as the page.
OF_HTMX = ("HX-Request", "HX-Target", "HX-History-Restore-Request")
# Not for ever: after a backup is restored the record's number comes a second time.
SHARED_FOR = 60 * 60

# Compressed. With the number of entries in the settings it bounds the memory: 32 MiB.
LARGEST_KEPT = 64 * 1024

View = Callable[..., HttpResponseBase]
# What was compressed, and the headers of the view.
Kept = tuple[bytes, dict[str, str]]


def version_of(request: HttpRequest) -> str:
    """The number of the record that the answer shows: one query for the whole request."""
    known: str | None = getattr(request, "record_version", None)
    if known is None:
        state = state_of_record()
        known = state.version
        request.record_version = known  # type: ignore[attr-defined]  # asked for twice
        wave_list.any_published = bool(state.beside["waves"])
    return known


def etag(request: HttpRequest, *_args: Any, **_kwargs: Any) -> str:
    target = crc32(request.headers.get("HX-Target", "").encode())
    return f'W/"{version_of(request)}-{release()}-{get_language()}-{target}"'


def changes_with_record(view: View) -> View:
    """Answer 304, or what was answered before, while neither record nor release has changed.

    For pages that are the same for everybody: what a page depends on beside the record is
    named in `key_of`. Only a whole answer (200) without cookies is kept.
    """

    @wraps(view)
    def kept_or_made(
        request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        pages, key = caches["pages"], key_of(request)
        kept: Kept | None = pages.get(key)
        if kept is None:
            shared = is_shared(request)
            kept = cache.get(f"page:{key}") if shared else None
            if kept is None:
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                if not isinstance(response, HttpResponse):
                    return response
                if response.status_code != 200 or response.cookies:
                    return response
                kept = gzip.compress(response.content, 6), dict(response.headers)
                if len(kept[0]) > LARGEST_KEPT:
                    return response
                if shared:
                    cache.set(f"page:{key}", kept, SHARED_FOR)
            pages.set(key, kept)
        return answer(request, kept)

    return condition(etag_func=etag)(kept_or_made)


def is_shared(request: HttpRequest) -> bool:
    """Whether others may find the page in Redis: whole, and of few addresses."""
    # Templates change under a developer's hands, and the release does not.
    if settings.DEBUG or any(request.headers.get(name) for name in OF_HTMX):
        return False
    return request.get_full_path() in shared_addresses(get_language())


@functools.cache
def shared_addresses(language: str | None) -> tuple[str, ...]:
    """Of the active language."""
    return tuple(
        f"{reverse(view)}?{query}" if query else reverse(view) for view, query in SHARED
    )


def key_of(request: HttpRequest) -> str:
    depends_on = (
        etag(request),
        *(request.headers.get(name, "") for name in OF_HTMX),
        f"{timezone.localdate()}",  # timelines draw a line at today
        request.get_full_path(),
    )
    return sha256("\0".join(depends_on).encode()).hexdigest()


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    content, headers = kept
    zipped = re_accepts_gzip.search(request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(
        content if zipped else gzip.decompress(content), headers=headers
    )
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
