"""What happens to every request around the pages: numbers, addresses, headers."""

import ipaddress
import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]

logger = logging.getLogger(__name__)
# Of the request this thread is answering; "-" outside of one. Read by the log filter.
current_reference: ContextVar[str] = ContextVar("current_reference", default="-")


def reference(get_response: GetResponse) -> GetResponse:
    """Give each request a number, found again on its error page and in every log line.

    The 500 page reads `request.reference`. Outermost, so that also an error in another
    middleware carries it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        number = secrets.token_hex(4)
        request.reference = number  # type: ignore[attr-defined]  # our addition
        token = current_reference.set(number)
        try:
            response = get_response(request)
            if response.status_code >= 500:
                response.headers["X-Reference"] = number
            return response
        finally:
            current_reference.reset(token)

    return middleware


def address_length(get_response: GetResponse) -> GetResponse:
    """Refuse addresses longer than anything we link to, before anything parses them."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if len(request.get_full_path()) > settings.MAX_URL_LENGTH:
            return HttpResponse(
                f"The address is longer than {settings.MAX_URL_LENGTH} characters.\n",
                status=414,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return middleware


def client_address(get_response: GetResponse) -> GetResponse:
    """Make REMOTE_ADDR the visitor's, so that no other code reads a forwarding header.

    Each proxy appends the address it saw to X-Forwarded-For. With TRUSTED_PROXIES=n the
    n-th entry from the right was written by our outermost proxy; entries further left
    are whatever the visitor sent. Without trusted proxies the header is ignored.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.TRUSTED_PROXIES:
            entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if len(entries) >= settings.TRUSTED_PROXIES:
                claimed = entries[-settings.TRUSTED_PROXIES].strip()
                try:
                    request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(claimed))
                except ValueError:
                    logger.warning(
                        "X-Forwarded-For is malformed: check TRUSTED_PROXIES."
                    )
        return get_response(request)

    return middleware


def address_of(request: HttpRequest) -> str:
    """The address sign-in attempts are counted under; an IPv6 visitor owns the
    whole /64.
    """
    raw = request.META.get("REMOTE_ADDR") or "0.0.0.0"
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return "0.0.0.0"
    if address.version == 6:
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """Give up the browser's powers that no page uses."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware
