"""oEmbed 1.0 (oembed.com): the HTML that shows an address of ours inside another page."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from talent.common.keyset import Nowhere
from talent.dashboard.caching import changes_with_record
from talent.dashboard.charts import WrongQuery
from talent.dashboard.embeds import WIDTH, Gone, address_of, frame
from talent.dashboard.embeds_found import Found, found_at
from talent.dashboard.embeds_made import made_at

FORMATS = {"json": "application/json", "xml": "text/xml"}
# Seconds that whoever asked may keep the answer.
KEPT = 86_400
LARGEST = 10_000


class Wrong(ValueError):
    """A parameter that says nothing; the message names it."""


@require_safe
@changes_with_record
def oembed(request: HttpRequest) -> HttpResponse:
    form = request.GET.get("format", "json").lower()
    if form not in FORMATS:
        return said(501, _("Ask for json or xml."))
    try:
        url = request.GET.get("url", "")
        if not url:
            raise Wrong(_("Name an address of this site: url=…"))
        limits = {name: limit(request, name) for name in ("maxwidth", "maxheight")}
        found = found_at(url)
        if found is None:
            raise Http404
        with translation.override(found.language):
            answer = answer_to(found, **limits)
    except (Wrong, WrongQuery, Nowhere) as wrong:
        return said(400, str(wrong))
    except (Http404, Gone):
        return said(404, _("Nothing at this address of ours can be embedded."))
    return open_to_all(as_xml(answer) if form == "xml" else JsonResponse(answer))


def limit(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "") or str(LARGEST)
    if not (
        given.isascii() and given.isdecimal() and 0 < len(given) < 6 and int(given)
    ):
        text = _("“%(value)s” is no %(name)s: give pixels.")
        raise Wrong(text % {"value": given[:20], "name": name})
    return int(given)


def answer_to(found: Found, *, maxwidth: int, maxheight: int) -> dict[str, Any]:
    made = made_at(found.kind, found.name, found.query)
    width, height = min(WIDTH, maxwidth), min(made.height, maxheight)
    address = address_of(found.kind, found.name, found.query.urlencode())
    return {
        "version": "1.0",
        "type": "rich",
        "title": made.title,
        "provider_name": "Transfer Window",
        "provider_url": f"{settings.SITE_URL}{reverse('dashboard:home')}",
        "cache_age": KEPT,
        "html": str(frame(address, made.title, width=width, height=height)),
        "width": width,
        "height": height,
    }


def as_xml(answer: dict[str, Any]) -> HttpResponse:
    root = Element("oembed")
    for name, value in answer.items():
        # XML has no way to write control characters.
        text = "".join(filter(str.isprintable, str(value)))
        SubElement(root, name).text = text
    body = tostring(root, encoding="unicode")
    head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    return HttpResponse(head + body, content_type="text/xml; charset=utf-8")


def said(status: int, text: str) -> HttpResponse:
    return open_to_all(
        HttpResponse(
            f"{text}\n", status=status, content_type="text/plain; charset=utf-8"
        )
    )


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Editors of other sites ask from their pages."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
