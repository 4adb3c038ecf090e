"""What there is to take away, and how: the lists, their columns, and the rules of the API."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.common.release import release
from talent.opendata.figures import figures
from talent.opendata.lists import LISTS
from talent.opendata.models import DataSet
from talent.opendata.openapi import MOST_ROWS, ROWS
from talent.opendata.outlet import REQUESTS, etag
from talent.opendata.structured_data import record_data


def of_release(_request: HttpRequest) -> str:
    return f'W/"{release()}-{get_language()}"'


@require_safe
@condition(etag_func=etag)
def data(request: HtmxHttpRequest) -> HttpResponse:
    return render_page(
        request,
        "opendata/data.html",
        {
            "lists": LISTS.values(),
            "figures": figures().values(),
            "structured": [record_data()],
            "data_sets": [
                {"data_set": each, "events": each.rows_of("events.csv")}
                for each in DataSet.objects.current().newest_first()
            ],
            "site": settings.SITE_URL,
            "rows": ROWS,
            "most_rows": MOST_ROWS,
            "requests": REQUESTS,
        },
    )
