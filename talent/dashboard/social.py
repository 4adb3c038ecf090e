"""What a page tells other sites about itself: its one address, its languages, its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from talent.dashboard import embeds_found
from talent.dashboard.social_cards import Card, card_of_site
from talent.registry.filter_form import FilterForm

# The parts of the site whose addresses are the same page in each language.
PAGES = {"dashboard", "digests", "intake", "opendata_pages"}
# How Open Graph writes languages: with a country.
LOCALES = {"en": "en_US", "zh-hans": "zh_CN"}


@dataclass(frozen=True, slots=True)
class Head:
    """Addresses are absolute. `embedding`: that of the oEmbed answer, "" where there is none."""

    url: str
    alternates: tuple[tuple[str, str], ...]
    card: Card
    kind: str
    locale: str
    embedding: str

    @property
    def image(self) -> str:
        return absolute(self.card.path)


def head_of(request: HttpRequest | None, context: Mapping[str, Any]) -> Head | None:
    """None for what is no public page: an error, a form that was sent, a secret address.

    A view says `canonical`, its absolute address, where the query is a part of it; and `card`
    where the page has a picture of its own.
    """
    match = request.resolver_match if request else None
    if request is None or match is None or match.namespace not in PAGES:
        return None
    if request.method not in {"GET", "HEAD"} or "token" in match.kwargs:
        return None
    url = context.get("canonical") or absolute(request.path)
    path = url.removeprefix(settings.SITE_URL)
    language = get_language() or settings.LANGUAGE_CODE
    card = context.get("card")
    return Head(
        url=url,
        alternates=tuple(alternates(path)),
        card=card or card_of_site(),
        kind="article" if card else "website",
        locale=LOCALES.get(language, language),
        embedding=embeds_found.oembed_address(match, path),
    )


def canonical(path: str, filter: FilterForm) -> str:
    """The one address of a filter's page, whatever way it was asked for and wherever it is open."""
    query = filter.query()
    return absolute(f"{path}?{query}" if query else path)


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def alternates(path: str) -> list[tuple[str, str]]:
    """The page in each language and, for everybody else, in the first."""
    found = [
        (tag_of(code), absolute(in_language(path, code)))
        for code, _name in settings.LANGUAGES
    ]
    default = absolute(in_language(path, settings.LANGUAGE_CODE))
    return [*found, ("x-default", default)] if len(found) > 1 else []


def in_language(path: str, language: str) -> str:
    """The same page in another language. Only the first one's addresses have no prefix."""
    bare = path.removeprefix(prefix_of(get_language() or settings.LANGUAGE_CODE))
    return f"{prefix_of(language)}{bare}"


def prefix_of(language: str) -> str:
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def tag_of(language: str) -> str:
    """As BCP 47 writes it: "zh-Hans" for "zh-hans"."""
    name, _dash, script = language.partition("-")
    return f"{name}-{script.title()}" if script else name
