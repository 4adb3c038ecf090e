"""Citations as files: the address of a page with cite.bib or cite.json behind it."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.views.decorators.http import condition, require_safe

from talent.opendata import citing
from talent.opendata.figures import figures
from talent.opendata.lists import LISTS
from talent.opendata.models import DataSet
from talent.opendata.outlet import etag, wrong_filter
from talent.registry.filter_form import PLACES, FilterForm, in_order
from talent.registry.filters import EventFilter
from talent.registry.models import Event, Organization, Person, Wave

# By the name of its URL: what a page shows, and the column its address names it by.
THINGS: dict[str, tuple[type[Model], str]] = {
    "dashboard:event": (Event, "slug"),
    "dashboard:person": (Person, "slug"),
    "dashboard:organization": (Organization, "slug"),
    "dashboard:wave": (Wave, "slug"),
    "opendata_pages:data_set": (DataSet, "name"),
}
KINDS = {
    "bib": "application/x-bibtex; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
}


class WrongFilter(ValueError):
    """The page itself would be refused: the filter says why."""

    def __init__(self, filter: FilterForm) -> None:
        super().__init__()
        self.filter = filter


@require_safe
@condition(etag_func=etag)
def cite(request: HttpRequest, form: str, **_page: str) -> HttpResponse:
    try:
        reference = reference_of(request)
    except WrongFilter as wrong:
        response: HttpResponse = wrong_filter(wrong.filter)
        response["Access-Control-Allow-Origin"] = "*"
        return response
    said = reference.bibtex() if form == "bib" else reference.csl_text()
    response = HttpResponse(said, content_type=KINDS[form])
    response["Content-Disposition"] = f'attachment; filename="{reference.key}.{form}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def reference_of(request: HttpRequest) -> citing.Reference:
    page = request.path_info.rpartition("/")[0] + "/"
    try:
        match = resolve(page)
    except Resolver404:
        raise Http404 from None
    if match.view_name in citing.PAGES:
        for filter in filters_of(match.view_name, request.GET):
            if not filter.is_valid():
                raise WrongFilter(filter)
        query = request.GET.urlencode()
        return citing.reference_to_page(
            match.view_name, f"{page}?{query}" if query else page
        )
    if match.view_name not in THINGS:
        raise Http404
    model, column = THINGS[match.view_name]
    thing = public(model).filter(**{column: match.kwargs[column]}).first()
    if thing is None:
        raise Http404
    return citing.reference_to(thing)


def filters_of(page: str, given: QueryDict) -> list[FilterForm]:
    """What the page reads of its address: what is refused there is not cited either."""
    read = [each.filter for each in figures().values() if each.page == page]
    read += [each.filter for each in LISTS.values() if each.page == page]
    if page == "dashboard:home":
        read.append(EventFilter)
    return [
        form(
            given,
            beside={*PLACES, *(name for other in read for name in in_order(other))},
        )
        for form in read
    ]


def public(model: type[Model]) -> QuerySet[Any]:
    if model is Event:
        return Event.objects.published().with_ends()
    if model is Wave:
        return Wave.objects.published()
    if model is DataSet:
        return DataSet.objects.current()
    rows: Any = model._default_manager
    found: QuerySet[Any] = rows.public()
    return found
