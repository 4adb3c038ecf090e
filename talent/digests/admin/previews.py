"""Any digest as any subscriber would get it: composed now or for another moment, never sent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from talent.digests.compose import Digest, compose
from talent.digests.models import Subscriber
from talent.digests.rendering import in_browser

FRAMED_MAIL = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
    # No script, no form, whatever the record holds.
    "sandbox": ["allow-popups allow-popups-to-escape-sandbox"],
}


# Its type knows no view with arguments.
framed: Any = csp(FRAMED_MAIL)

if TYPE_CHECKING:
    SubscriberModelAdmin = admin.ModelAdmin[Subscriber]
else:
    SubscriberModelAdmin = admin.ModelAdmin


class Previews(SubscriberModelAdmin):
    """Adds "what they would be sent" to the desk's page of a subscriber."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/preview/",
                view(self.preview),
                name="digests_subscriber_preview",
            ),
            path(
                "<int:pk>/preview/mail/",
                view(xframe_options_sameorigin(framed(self.preview_mail))),
                name="digests_subscriber_preview_mail",
            ),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        subscriber, at = self.asked(request, pk)
        digest = compose(subscriber, at=at)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("What %(subscriber)s would be sent")
            % {"subscriber": subscriber},
            "opts": self.opts,
            "subscriber": subscriber,
            "digest": digest,
            "at": at,
            "size": len(digest.html.encode()) if digest else 0,
            "mail_url": reverse("admin:digests_subscriber_preview_mail", args=[pk]),
        }
        response = TemplateResponse(request, "admin/digests/preview.html", context)
        response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # django-csp reads it
        return response

    def preview_mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        subscriber, at = self.asked(request, pk)
        digest = compose(subscriber, at=at)
        return HttpResponse(shown(digest) if digest else "")

    def asked(self, request: HttpRequest, pk: int) -> tuple[Subscriber, datetime]:
        if not self.has_view_permission(request):
            raise PermissionDenied
        subscriber = get_object_or_404(Subscriber, pk=pk)
        text = request.GET.get("at", "")
        if not text:
            return subscriber, timezone.now()
        try:
            at = parse_datetime(text)
        except ValueError:
            at = None
        if at is None:
            raise BadRequest(
                _("“%(text)s” is not a time like 2026-11-24T08:00.")
                % {"text": text[:40]}
            )
        return subscriber, at if timezone.is_aware(at) else timezone.make_aware(at)


def shown(digest: Digest) -> str:
    """Links open beside the desk; those that only a delivery has lead nowhere."""
    return in_browser(
        digest.html.replace("<head>", '<head><base target="_blank">', 1),
        {image.cid: image.png for image in digest.images},
        manage="#",
        unsubscribe="#",
        view="#",
    )
