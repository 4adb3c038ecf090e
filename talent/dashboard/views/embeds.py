"""Charts and lists to be shown inside other sites' pages, and the form that freezes one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from talent.common.keyset import Nowhere
from talent.common.open_forms import open_form
from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard import embeds_found
from talent.dashboard.caching import changes_with_record
from talent.dashboard.charts import WrongQuery
from talent.dashboard.embeds import Embed, Gone, address_of, frame
from talent.dashboard.embeds_frozen import Empty, Refused, TooLarge, freeze
from talent.dashboard.embeds_made import made_at

View = Callable[..., HttpResponseBase]


def framed(view: View) -> View:
    """Any site may show it in a frame, and no search engine lists it. Nothing else may be."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    open_to_all = csp_replace({"frame-ancestors": ["*"]})
    framed_view: View = open_to_all(xframe_options_exempt(answering))
    return framed_view


@require_safe
@framed
@changes_with_record
def embed(request: HttpRequest, kind: str, name: str = "") -> HttpResponse:
    """Errors are small pages too: a frame that shows none says nothing at all."""
    try:
        made = made_at(kind, name, request.GET)
    except (WrongQuery, Nowhere) as wrong:
        return refused(request, str(wrong), status=400)
    except Http404:
        return refused(request, _("There is nothing at this address."), status=404)
    except Gone:
        gone = _("What was shown here has been removed from the record.")
        return refused(request, gone, status=410)
    return shown(request, made)


def shown(request: HttpRequest, made: Embed) -> HttpResponse:
    with translation.override(made.language or translation.get_language()):
        response = render(
            request, "embeds/embed.html", {"embed": made, "site": settings.SITE_URL}
        )
    if made.language:
        response.headers["Content-Language"] = made.language
    return response


def refused(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    context = {"reason": reason, "site": settings.SITE_URL}
    return render(request, "embeds/refused.html", context, status=status)


# -- Freezing ----------------------------------------------------------------------------


@open_form
def freezing(request: HtmxHttpRequest) -> HttpResponse:
    """Show what would be kept; on POST keep it and lead to its HTML."""
    given = request.POST if request.method == "POST" else request.GET
    address = given.get("of", "")
    found = embeds_found.found_at(f"{settings.SITE_URL}{address}")
    if found is None or found.kind == "frozen":
        raise Http404
    with translation.override(found.language):
        try:
            made = made_at(found.kind, found.name, found.query)
        except (WrongQuery, Nowhere, Gone) as wrong:
            raise Http404 from wrong
        context: dict[str, Any] = {"embed": made, "of": address}
        if request.method == "POST":
            network = request.META.get("REMOTE_ADDR", "")
            try:
                kept = freeze(made, address=network, at=timezone.now())
            except Refused as refusal:
                context["refusal"] = in_words(refusal)
            else:
                where = reverse("dashboard:frozen", args=[kept.key])
                return HttpResponseRedirect(where)
        return render_page(request, "embeds/freezing.html", context).render()


def in_words(refusal: Refused) -> str:
    match refusal:
        case Empty():
            return _("There is nothing in it that could be kept.")
        case TooLarge():
            return _("It is too large to be kept: choose less.")
    return _(
        "So much was kept lately that we have to stop for a while: try again later."
    )


@require_safe
@changes_with_record
def frozen(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The HTML to copy of what was frozen, and what that means."""
    try:
        made = made_at("frozen", key, QueryDict())
    except Gone:
        return render_page(request, "dashboard/removed.html", status=410)
    address = address_of("frozen", key)
    context = {
        "embed": made,
        "address": f"{settings.SITE_URL}{address}",
        "html": frame(address, made.title, width="100%", height=made.height),
    }
    return render_page(request, "embeds/frozen.html", context)
