"""What all answers of open data have in common: who may read them, how often, what they refuse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
)
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition

from talent.common.networks import client_of
from talent.common.release import release
from talent.insights.version import data_version
from talent.registry.filter_form import FilterForm

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]
Filter = TypeVar("Filter", bound=FilterForm)

# The field of a filter that says in which order its page lists the rows.
ORDER = "sort"
# Enough for somebody who reads all pages of everything; counted for each client and minute.
REQUESTS, SECONDS = 600, 60
# When to come back where the database is away or too slow.
BUSY_SECONDS = "30"


def as_json(value: dict[str, Any], **options: Any) -> JsonResponse:
    """Names in any script stay readable."""
    return JsonResponse(value, json_dumps_params={"ensure_ascii": False}, **options)


def problem(
    status: int,
    title: str,
    *,
    detail: str = "",
    errors: Iterable[tuple[str, str]] = (),
) -> JsonResponse:
    """RFC 9457: what is wrong, for programs and people."""
    said: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        said["detail"] = detail
    if listed := [{"name": name, "message": message} for name, message in errors]:
        said["errors"] = listed
    return as_json(said, status=status, content_type="application/problem+json")


def read_filter(
    form: type[Filter], given: QueryDict, *, beside: Collection[str] = ()
) -> Filter:
    """Ask is_valid() first. Data stand in one order: another one is refused, not passed over."""
    filter = form(given, beside=beside)
    if filter.is_valid() and (order := filter.values.get(ORDER)):
        message = _("“%(value)s”: data come in one order; leave sort away.")
        filter.add_error(ORDER, message % {"value": order})
    return filter


def wrong_filter(filter: Any) -> JsonResponse:
    errors = [
        ("" if name == "__all__" else filter.add_prefix(name), message)
        for name, messages in filter.errors.items()
        for message in messages
    ]
    return problem(400, _("Wrong filter"), detail=errors[0][1], errors=errors)


def unread(request: HttpRequest) -> JsonResponse:
    """The answer to parameters where none is read."""
    name = next(iter(request.GET))[:60]
    message = _("“%(name)s” is not read here.") % {"name": name}
    return problem(400, _("Wrong value"), detail=message, errors=[(name, message)])


def etag(_request: HttpRequest, *_args: Any, **_kwargs: Any) -> str:
    return f'W/"{data_version()}-{release()}-{get_language()}"'


def outlet(view: View) -> View:
    """For anybody on any site, answered 304 while nothing has changed, within the limits."""
    known = condition(etag_func=etag)(view)

    # Nothing is written here, so a POST is told 405, not that its token is missing.
    @csrf_exempt
    @wraps(view)
    def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            response["Access-Control-Max-Age"] = "86400"
        elif request.method not in {"GET", "HEAD"}:
            response = problem(405, _("Data can be read, not written"))
            response["Allow"] = "GET, HEAD, OPTIONS"
        else:
            used, left_seconds = counted(request)
            if used > REQUESTS:
                response = problem(429, _("Too many requests"))
                response["Retry-After"] = str(left_seconds)
            else:
                try:
                    response = known(request, *args, **kwargs)
                except OperationalError:
                    logger.exception("PostgreSQL did not answer in time.")
                    response = problem(503, _("Too busy to answer just now"))
                    response["Retry-After"] = BUSY_SECONDS
            # draft-ietf-httpapi-ratelimit-headers, in the form most clients know.
            response["RateLimit-Limit"] = str(REQUESTS)
            response["RateLimit-Remaining"] = str(max(REQUESTS - used, 0))
            response["RateLimit-Reset"] = str(left_seconds)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = (
            "ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
        )
        return response

    return open_view


def counted(request: HttpRequest) -> tuple[int, int]:
    """How many requests of this client came in this minute, and the seconds left of it.

    Reading stays open while the cache is away: it then counts nothing.
    """
    now = int(timezone.now().timestamp())
    client = client_of(request.META.get("REMOTE_ADDR", ""))
    key = f"opendata:{client}:{now // SECONDS}"
    # Not `incr`, which raises while Redis is away. Two at once may count as one: no harm here.
    used = cache.get(key, 0) + 1
    cache.set(key, used, SECONDS * 2)
    return used, SECONDS - now % SECONDS
