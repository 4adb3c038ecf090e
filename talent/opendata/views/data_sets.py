"""Frozen data sets: the page of each, its file, and the list of all of them for programs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.opendata.frozen.freezing import path_of, waits_for_removal
from talent.opendata.frozen.tables import ADDRESSES, ADDRESSES_SAY, TABLES
from talent.opendata.models import DataSet
from talent.opendata.outlet import as_json, etag, outlet, problem, unread
from talent.opendata.structured_data import data_set_data

SAYS = {table.file: table.says for table in TABLES} | {ADDRESSES: ADDRESSES_SAY}
COME_BACK = 60


@require_safe
@condition(etag_func=etag)
def data_set(request: HtmxHttpRequest, name: str) -> HttpResponse:
    revisions = list(DataSet.objects.filter(name=name).order_by("-revision"))
    if not revisions:
        raise Http404
    current, *superseded = revisions
    return render_page(
        request,
        "opendata/data_set.html",
        {
            "data_set": current,
            "superseded": superseded,
            "file": file_address(current),
            "structured": [data_set_data(current, file=file_address(current))],
            "tables": [
                {**each, "says": SAYS.get(each["name"], "")} for each in current.files
            ],
            "events": current.rows_of("events.csv"),
            "people": current.rows_of("people.csv"),
            "organizations": current.rows_of("organizations.csv"),
            "sources": current.rows_of("sources.csv"),
        },
    )


def file_address(data_set: DataSet) -> str:
    return reverse("opendata:data_set_file", args=[data_set.name, data_set.file_name])


@require_safe
def download(request: HttpRequest, name: str, file: str) -> HttpResponseBase:
    revisions = list(DataSet.objects.filter(name=name).order_by("-revision"))
    found = next((each for each in revisions if each.file_name == file), None)
    if found is None:
        return problem(404, _("There is no “%(key)s” here.") % {"key": file[:60]})
    if found.superseded_at:
        said = _(
            "Somebody was removed from the record, and from this file: read %(address)s."
        )
        return problem(410, said % {"address": found.permanent_address})
    if waits_for_removal(found) or not path_of(found).is_file():
        refused = problem(503, _("This file is not to be had now: try again soon"))
        refused["Retry-After"] = str(COME_BACK)
        return refused
    return sent(request, found)


def sent(request: HttpRequest, found: DataSet) -> HttpResponseBase:
    @condition(
        etag_func=lambda _request: f'"{found.sha256}"',
        last_modified_func=lambda _request: found.made_at,
    )
    def file(_request: HttpRequest) -> HttpResponseBase:
        response = FileResponse(path_of(found).open("rb"), as_attachment=True)
        # It is compressed: the middleware would do it again, and forget its length.
        response["Content-Encoding"] = "identity"
        return response

    response = file(request)
    response["Access-Control-Allow-Origin"] = "*"
    # One day another revision may hold: ask before using a copy.
    response["Cache-Control"] = "no-cache"
    return response


# -- For programs ------------------------------------------------------------------------


@outlet
def listing(request: HttpRequest) -> HttpResponseBase:
    if request.GET:
        return unread(request)
    current = DataSet.objects.current().newest_first()
    return as_json({"results": [described(each) for each in current]})


@outlet
def one(request: HttpRequest, name: str) -> HttpResponseBase:
    if request.GET:
        return unread(request)
    revisions = list(
        DataSet.objects.filter(name=name.replace("\0", "")).order_by("-revision")
    )
    if not revisions:
        return problem(404, _("There is no “%(key)s” here.") % {"key": name[:60]})
    current, *before = revisions
    superseded = [
        {
            "revision": each.revision,
            "sha256": each.sha256,
            "superseded_at": instant(each.superseded_at),
        }
        for each in before
    ]
    return as_json({**described(current), "superseded": superseded})


def described(data_set: DataSet) -> dict[str, Any]:
    return {
        "id": data_set.name,
        "revision": data_set.revision,
        "record_at": instant(data_set.record_at),
        "frozen_at": instant(data_set.frozen_at),
        "made_at": instant(data_set.made_at),
        "licence": "CC-BY-4.0",
        "url": data_set.permanent_address,
        "file": settings.SITE_URL + file_address(data_set),
        "bytes": data_set.size,
        "sha256": data_set.sha256,
        "files": data_set.files,
        "changes": data_set.changes or None,
    }


def instant(at: Any) -> str:
    return str(at.strftime("%Y-%m-%dT%H:%M:%SZ"))
