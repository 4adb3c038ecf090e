"""A mail that was sent, for who reads it in a browser."""

from __future__ import annotations

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest
from talent.digests import links
from talent.digests.models import Delivery
from talent.digests.rendering import in_browser
from talent.digests.views.private import outdated, private

# A mail brings its rules with it, in its elements, and its pictures; it may do nothing else.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}


@require_safe
@private
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # its type knows no view with arguments
def view(request: HtmxHttpRequest, token: str) -> HttpResponse:
    """Without the recipient's own links: an address is passed on more easily than a mail."""
    delivery = (
        Delivery.objects.filter(token=links.to_view(token) or "")
        .select_related("content")
        .first()
    )
    # A removal empties what was sent.
    if delivery is None or delivery.content is None or not delivery.content.html:
        return outdated(request)
    pictures = delivery.content.pictures.values_list("cid", "png")
    settings = reverse("digests:link")
    page = in_browser(
        delivery.content.html,
        {cid: bytes(png) for cid, png in pictures},
        manage=settings,
        unsubscribe=settings,
        view=request.path,
    )
    return HttpResponse(page)
