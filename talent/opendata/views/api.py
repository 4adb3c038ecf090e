"""The JSON API: /api/v1/events?company=acme, and each list and row like it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from talent.common.keyset import Nowhere
from talent.opendata.columns import Column
from talent.opendata.data_list import DataList
from talent.opendata.lists import LISTS
from talent.opendata.openapi import MOST_ROWS, ROWS, description
from talent.opendata.outlet import as_json, outlet, problem, read_filter, wrong_filter
from talent.opendata.paging import page_of
from talent.registry.tombstones import is_buried

# What the API reads beside a list's filter.
BESIDE = ("limit", "after", "count", "fields")


class WrongValue(ValueError):
    """A value beside the filter is wrong; says which and why."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@outlet
def index(_request: HttpRequest) -> HttpResponseBase:
    return as_json(
        {
            "openapi": settings.SITE_URL + reverse("opendata:openapi"),
            "lists": {
                name: settings.SITE_URL + reverse("opendata:list", args=[name])
                for name in LISTS
            },
            "figures": settings.SITE_URL + reverse("opendata:figures"),
            "data_sets": settings.SITE_URL + reverse("opendata:data_sets"),
        }
    )


@outlet
def openapi(_request: HttpRequest) -> HttpResponseBase:
    return as_json(description())


@outlet
def rows(request: HttpRequest, name: str) -> HttpResponseBase:
    of = LISTS.get(name)
    if of is None:
        return no_list(name)
    filter = read_filter(of.filter, request.GET, beside=BESIDE)
    if not filter.is_valid():
        return wrong_filter(filter)
    try:
        columns = columns_asked(of, request.GET)
        limit = limit_asked(request.GET)
        counts = count_asked(request.GET)
        after = request.GET.get("after", "")
        page = page_of(of, of.rows(filter), columns, after=after, limit=limit)
    except WrongValue as wrong:
        return wrong_value(wrong)
    except Nowhere as nowhere:
        return wrong_value(WrongValue("after", str(nowhere)))
    found: dict[str, Any] = {"results": page.rows, "next": None}
    if counts:
        found["count"] = of.rows(filter).count()
    if page.next:
        beside = {name: request.GET[name] for name in BESIDE if request.GET.get(name)}
        query = "&".join(
            part
            for part in (filter.query(), urlencode({**beside, "after": page.next}))
            if part
        )
        found["next"] = f"{settings.SITE_URL}{request.path}?{query}"
    return as_json(found)


@outlet
def row(request: HttpRequest, name: str, key: str) -> HttpResponseBase:
    of = LISTS.get(name)
    if of is None or of.public is None:
        return no_list(name)
    if unknown := [name for name in request.GET if name != "fields"]:
        message = _("“%(name)s” is not read here.") % {"name": unknown[0][:60]}
        return wrong_value(WrongValue(unknown[0][:60], message))
    try:
        columns = columns_asked(of, request.GET)
    except WrongValue as wrong:
        return wrong_value(wrong)
    key = key.replace("\0", "")  # PostgreSQL has no text with it
    public = of.public()
    asked = public.filter(**{of.key: key})
    found = asked.values_list(*(column.value for column in columns)).first()
    if found is None:
        moved_to, moved = of.moved(key) if of.moved else (None, False)
        if moved_to is not None and moved:
            path, query = reverse("opendata:row", args=[name, moved_to.slug]), ""
            if request.GET:
                query = f"?{request.GET.urlencode()}"
            return HttpResponsePermanentRedirect(f"{path}{query}")
        said = {"key": key[:60]}
        if is_buried(public.model, key):
            return problem(410, _("“%(key)s” was removed from the record.") % said)
        return problem(404, _("There is no “%(key)s” here.") % said)
    names = [column.name for column in columns]
    return as_json(dict(zip(names, found, strict=True)))


def no_list(name: str) -> HttpResponseBase:
    known = ", ".join(LISTS)
    detail = _("There are: %(known)s.") % {"known": known}
    title = _("There is no list “%(name)s”.") % {"name": name[:60]}
    return problem(404, title, detail=detail)


def wrong_value(wrong: WrongValue) -> HttpResponseBase:
    errors = [(wrong.name, str(wrong))]
    return problem(400, _("Wrong value"), detail=str(wrong), errors=errors)


def columns_asked(of: DataList, given: QueryDict) -> list[Column]:
    names = [name for name in given.get("fields", "").split(",") if name]
    known = {column.name: column for column in of.columns}
    for name in names:
        if name not in known:
            message = _("“%(name)s” is not one of: %(known)s.")
            raise WrongValue(
                "fields", message % {"name": name[:60], "known": ", ".join(known)}
            )
    return [known[name] for name in dict.fromkeys(names)] or list(of.columns)


def limit_asked(given: QueryDict) -> int:
    text = given.get("limit") or str(ROWS)
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        text = "0"
    limit = int(text)
    if not 1 <= limit <= MOST_ROWS:
        message = _("“%(value)s” is no number from 1 to %(most)s.")
        raise WrongValue(
            "limit", message % {"value": given["limit"][:60], "most": MOST_ROWS}
        )
    return limit


def count_asked(given: QueryDict) -> bool:
    text = given.get("count", "")
    if text not in {"", "on"}:
        raise WrongValue("count", _("“%(value)s” is not: on.") % {"value": text[:60]})
    return bool(text)
