"""How to cite the page a reader is on; used by `components/cite.html`."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from talent.opendata import citing

register = template.Library()


@register.simple_tag(takes_context=True)
def reference(context: dict[str, Any], thing: citing.Thing | None = None) -> Any:
    """Of the thing, or of the page itself: None where a page is not to be cited."""
    if thing:
        return citing.reference_to(thing)
    request: HttpRequest = context["request"]
    match = request.resolver_match
    if match is None or match.view_name not in citing.PAGES:
        return None
    query = request.GET.urlencode()
    path = f"{request.path}?{query}" if query else request.path
    return citing.reference_to_page(match.view_name, path)


@register.simple_tag(takes_context=True)
def citation_address(context: dict[str, Any], form: str) -> str:
    """Where the citation is found as a file: below the page, under the same filter."""
    request: HttpRequest = context["request"]
    query = request.GET.urlencode()
    return f"{request.path}cite.{form}" + (f"?{query}" if query else "")
