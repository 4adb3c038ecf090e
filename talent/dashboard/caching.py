"""Pages carry the number of the record as their ETag: an unchanged page costs one query."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any
from zlib import crc32

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import condition

from talent.common.release import release
from talent.insights.version import data_version

KEPT_SECONDS = 60 * 60

View = Callable[..., HttpResponseBase]


def etag(request: HttpRequest, *_args: Any, **_kwargs: Any) -> str:
    target = crc32(request.headers.get("HX-Target", "").encode())
    return f'W/"{data_version()}-{release()}-{get_language()}-{target}"'


def changes_with_record(view: View) -> View:
    """Answer 304 while neither the record nor the release has changed since the browser's copy."""
    return condition(etag_func=etag)(view)


def kept_with_record(view: View) -> View:
    """Keep the rendered page in the cache until the record, the release or the day changes.

    For pages that cost much and are the same for everybody. Without Redis each is made anew.
    """

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        what = f"{etag(request)}:{timezone.localdate()}:{request.get_full_path()}"
        key = f"page:{sha256(what.encode()).hexdigest()}"
        text = cache.get(key)
        if text is None:
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            if not isinstance(response, HttpResponse) or response.status_code != 200:
                return response
            cache.set(key, response.content, KEPT_SECONDS)
            return response
        answer = HttpResponse(text)
        patch_vary_headers(answer, ["HX-Request", "HX-Target"])
        return answer

    return keeping
