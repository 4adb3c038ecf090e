"""One box for people and organizations, as one types."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.name_search import HITS, asked_for, hits_for
from talent.registry.models.names import words_of


@require_safe
@changes_with_record
def search(request: HtmxHttpRequest) -> HttpResponse:
    query = asked_for(request.GET.get("q", ""))
    return render_page(
        request,
        "dashboard/search.html",
        {
            "query": query,
            "asked": urlencode({"q": query}),
            "words": words_of(query),
            "hits": hits_for(query),
            "most": HITS,
        },
        fragments=("search-results", "suggestions"),
    )
