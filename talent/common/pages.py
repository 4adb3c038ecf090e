"""Answering a browser: the whole page, or only the part htmx is about to replace."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


class HtmxHttpRequest(HttpRequest):
    htmx: HtmxDetails


def render_page(
    request: HtmxHttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    fragments: tuple[str, ...] = (),
    status: int = 200,
) -> TemplateResponse:
    """Render the page, or only the partial whose name is the id htmx is about to replace.

    The view lists the partials a browser may ask for, so a client cannot render any other one.
    """
    target = request.htmx.target
    if target in fragments and not request.htmx.history_restore_request:
        template = f"{template}#{target}"
    response = TemplateResponse(request, template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
