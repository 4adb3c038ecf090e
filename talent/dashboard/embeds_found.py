"""From the address of a page to the embed of what it shows: for oEmbed and its discovery."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import translation

from talent.registry.filter_form import without_place

# The chart, or the list, that a page is about.
CHARTS = {
    "moves": "moves-flow",
    "pay": "pay-reported",
    "seats": "seats-gap",
    "stays": "stays",
}
LISTS = {
    "corrections": "corrections",
    "event_list": "events",
    "move_list": "moves",
    "pay_deals": "deals",
    "pay_packages": "packages",
    "pay_reasons": "reasons",
    "search": "search",
    "stint_list": "stints",
    "wave_list": "waves",
}
SINGLE = {"event": "events", "person": "people"}


@dataclass(frozen=True, slots=True)
class Found:
    """What an address of ours shows, as the parts of the embed's own address."""

    language: str
    kind: str
    name: str
    query: QueryDict


def found_at(url: str) -> Found | None:
    """None for an address that is not ours, or shows nothing that can be embedded."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    here = urlsplit(settings.SITE_URL).netloc.lower()
    if parts.scheme not in {"http", "https"} or parts.netloc.lower() != here:
        return None
    path = unquote(parts.path)
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = resolve(path)
            query = QueryDict(parts.query)
        except (Resolver404, ValueError):
            return None
    parts_of_embed = embedded(match, query)
    return Found(language, *parts_of_embed) if parts_of_embed else None


def embedded(
    match: ResolverMatch, query: QueryDict
) -> tuple[str, str, QueryDict] | None:
    """Kind, name and query of the embed of a page."""
    if match.namespace != "dashboard":
        return None
    view, kwargs = match.url_name or "", match.kwargs
    if view == "embed":
        return kwargs["kind"], kwargs.get("name", ""), query
    if view == "chart":
        return "charts", kwargs["name"], query
    if view in CHARTS:
        return "charts", CHARTS[view], without_place(query)
    if view in LISTS:
        return LISTS[view], "", without_place(query)
    if view in SINGLE:
        return SINGLE[view], kwargs["slug"], QueryDict()
    if view == "wave":
        return "charts", "wave", QueryDict(urlencode({"wave": kwargs["slug"]}))
    if view == "organization":
        chosen = {"company": kwargs["slug"]}
        if query.get("span", "24") != "24":
            chosen["span"] = query["span"]
        return "charts", "company-flows", QueryDict(urlencode(chosen))
    return None


def oembed_address(match: ResolverMatch, path: str) -> str:
    """Where the oEmbed answer about a page of ours is, "" where it has none."""
    if embedded(match, QueryDict()) is None:
        return ""
    query = urlencode({"url": f"{settings.SITE_URL}{path}"})
    return f"{settings.SITE_URL}{reverse('oembed')}?{query}"
