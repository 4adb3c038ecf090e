"""The figures of the pages as data: which there are, and one of them for a filter.

Pages offer them (`insights.open_figures`); the setting OPEN_FIGURES names where.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from talent.insights.models import Refresh
from talent.insights.open_figures import OpenFigure, Rows, Value
from talent.opendata.lists import LISTS
from talent.registry.filter_form import FilterForm


@cache
def figures() -> Mapping[str, OpenFigure]:
    return {each.name: each for each in import_string(settings.OPEN_FIGURES)}


def introduced(figure: OpenFigure) -> dict[str, Any]:
    """What it is, without a number."""
    return {
        "id": figure.name,
        "title": str(figure.title),
        "definition": str(figure.definition),
        "unit": figure.unit,
        "page": settings.SITE_URL + reverse(figure.page),
        "url": settings.SITE_URL + reverse("opendata:figure", args=[figure.name]),
    }


def answered(figure: OpenFigure, filter: FilterForm) -> dict[str, Any]:
    """Its numbers for a valid filter. One query beside those of the figure."""
    counted = figure.numbers(filter)
    query = filter.query()
    told = introduced(figure)
    for name in ("page", "url"):
        told[name] += f"?{query}" if query else ""
    return {
        **told,
        "n": counted.n,
        "numbers_as_of": numbers_as_of(),
        "rows": address_of(counted.rows),
        "values": [described(each) for each in counted.values],
    }


def described(value: Value) -> dict[str, Any]:
    return {
        "measure": value.measure,
        "of": value.of or None,
        "to": value.to or None,
        "period": value.period or None,
        "value": value.value,
        "n": value.n,
        "low": value.low,
        "high": value.high,
        "rows": address_of(value.rows),
    }


def address_of(rows: Rows | None) -> str | None:
    """Where the rows are listed: by this API, or by a page whose list it does not have."""
    if rows is None:
        return None
    lists = [each.name for each in LISTS.values() if each.page == rows.page]
    path = reverse("opendata:list", args=lists[:1]) if lists else reverse(rows.page)
    found = settings.SITE_URL + path
    return f"{found}?{rows.query}" if rows.query else found


def numbers_as_of() -> str | None:
    done = Refresh.objects.filter(outcome=Refresh.Outcome.DONE).order_by("-pk")
    at = done.values_list("started_at", flat=True).first()
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
