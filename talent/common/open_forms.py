"""Pages behind a secret address, and forms that set no cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    """For an address that carries a token: not kept, not indexed, not told to other sites.

    The token is the proof that a form was sent by who may: no other site knows it, so a CSRF
    cookie would add nothing but a cookie. GET and HEAD show; only POST may change anything.
    """

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    methods = require_http_methods(["GET", "HEAD", "POST"])
    # It says no-store too.
    return csrf_exempt(methods(never_cache(answering)))


def open_form(view: View) -> View:
    """For a form that anybody may send from our pages, without a cookie.

    A form on another site could spend its visitors' allowances. Browsers name the site a form
    comes from; what names none is no browser and could not be made to send one.
    """

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and comes_from_elsewhere(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    methods = require_http_methods(["GET", "HEAD", "POST"])
    return csrf_exempt(methods(never_cache(answering)))


def comes_from_elsewhere(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site != "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()
