"""Figures in the JSON API: /api/v1/figures and /api/v1/figures/stays?a=company:meta."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from talent.opendata.figures import answered, figures, introduced
from talent.opendata.outlet import as_json, outlet, problem, unread, wrong_filter


@outlet
def listing(request: HttpRequest) -> HttpResponseBase:
    if request.GET:
        return unread(request)
    return as_json({"results": [introduced(e) for e in figures().values()]})


@outlet
def one(request: HttpRequest, name: str) -> HttpResponseBase:
    figure = figures().get(name)
    if figure is None:
        title = _("There is no figure “%(name)s”.") % {"name": name[:60]}
        known = _("There are: %(known)s.") % {"known": ", ".join(figures())}
        return problem(404, title, detail=known)
    filter = figure.filter(request.GET)
    if not filter.is_valid():
        return wrong_filter(filter)
    return as_json(answered(figure, filter))
