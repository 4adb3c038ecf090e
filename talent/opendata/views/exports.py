"""Lists as files: /data/events.csv?company=acme and /data/events.jsonl, of any length."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.translation import gettext as _

from talent.opendata.copying import csv_lines, json_lines
from talent.opendata.data_list import DataList
from talent.opendata.lists import LISTS
from talent.opendata.outlet import outlet, problem, read_filter, wrong_filter
from talent.opendata.views.api import no_list

Writer = Callable[[DataList, QuerySet[Any]], Iterator[bytes]]
FORMS: dict[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8; header=present", csv_lines),
    "jsonl": ("application/jsonl; charset=utf-8", json_lines),
}


# A reader who takes an hour over a file keeps a thread and a snapshot of the database.
busy = threading.BoundedSemaphore(2)
COME_BACK = 30


@outlet
def export(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    of = LISTS.get(name)
    if of is None:
        return no_list(name)
    filter = read_filter(of.filter, request.GET)
    if not filter.is_valid():
        return wrong_filter(filter)
    if not busy.acquire(blocking=False):
        refused = problem(503, _("Other files are being written: try again soon"))
        refused["Retry-After"] = str(COME_BACK)
        return refused
    kind, write = FORMS[form]
    response = StreamingHttpResponse(
        Released(write(of, of.rows(filter))), content_type=kind
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


class Released:
    """The blocks; frees the place once, when the response is closed. A generator would not if it
    was never begun.
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks = blocks
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self.blocks

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            busy.release()
