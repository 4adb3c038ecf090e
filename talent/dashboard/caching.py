"""Pages carry the number of the record as their ETag: an unchanged page costs one query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import condition

from talent.common.release import release
from talent.insights.version import data_version

View = Callable[..., HttpResponseBase]


def etag(request: HttpRequest, *_args: Any, **_kwargs: Any) -> str:
    target = crc32(request.headers.get("HX-Target", "").encode())
    return f'W/"{data_version()}-{release()}-{get_language()}-{target}"'


def changes_with_record(view: View) -> View:
    """Answer 304 while neither the record nor the release has changed since the browser's copy."""
    return condition(etag_func=etag)(view)
