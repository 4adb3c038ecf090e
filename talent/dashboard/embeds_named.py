"""Whom and what a piece of an embed names, and whether all of it is still public."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from html import unescape
from typing import Any
from urllib.parse import unquote

from django.db.models import Model, Q, QuerySet

from talent.dashboard.embeds import Embed
from talent.registry.models import Deal, Event, Organization, Package, Person, Wave

PAGES = "people|events|waves|organizations"
LINK = re.compile(rf"/({PAGES})/([-\w]+)/", re.ASCII)
# Lists and charts name organizations, and those they are asked of, in the queries of their links.
ASKED = re.compile(r"[?&]\w+=(?:[a-z]+:)?([-\w]+)", re.ASCII)
DEAL = re.compile(r'id="deal-([-\w]+)"', re.ASCII)
MONEY = re.compile(r"[$€£¥₩元]|\b[A-Z]{3} \d")

# A piece as it is kept: its HTML, and ids by kind.
Piece = dict[str, Any]


def merged(rows: QuerySet[Any]) -> Q:
    """Who was merged into another is public under that name."""
    return Q(merged_into__in=rows)


# Of each kind, those that readers may see now.
PUBLIC: dict[str, Callable[[], QuerySet[Any]]] = {
    "people": lambda: Person.objects.filter(
        Q(pk__in=Person.objects.public()) | merged(Person.objects.public())
    ),
    "events": lambda: Event.objects.published(),
    "waves": lambda: Wave.objects.published(),
    "organizations": lambda: Organization.objects.filter(
        Q(pk__in=Organization.objects.public()) | merged(Organization.objects.public())
    ),
    "packages": lambda: Package.objects.public(),
    "deals": lambda: Deal.objects.all(),
}
MODELS: dict[str, type[Model]] = {
    "people": Person,
    "events": Event,
    "waves": Wave,
    "organizations": Organization,
}


# -- When it is kept ---------------------------------------------------------------------


def named_pieces(made: Embed) -> list[Piece]:
    """Each piece with the ids of whom and what it names. Some six queries."""
    named = [slugs_in(piece) for piece in made.pieces]
    if len(named) == 1:
        # A list is about nobody: the rows say who. What is a page of one's own is all theirs.
        about = slugs_in(made.page)
        named = [{kind: slugs | about[kind] for kind, slugs in named[0].items()}]
    ids = {
        kind: ids_of(model, "slug", (each[kind] for each in named))
        for kind, model in MODELS.items()
    }
    ids["deals"] = ids_of(Deal, "key", (each["deals"] for each in named))
    pieces = [
        {
            "html": html,
            **{
                kind: sorted({ids[kind][slug] for slug in slugs if slug in ids[kind]})
                for kind, slugs in each.items()
            },
        }
        for html, each in zip(made.pieces, named, strict=True)
    ]
    name_packages(pieces)
    return pieces


def slugs_in(html: str) -> dict[str, set[str]]:
    text = unescape(html)
    found: dict[str, set[str]] = {kind: set() for kind in MODELS}
    for kind, slug in LINK.findall(text):
        found[kind].add(slug)
    found["organizations"] |= {*ASKED.findall(unquote(text))}
    found["deals"] = {*DEAL.findall(text)}
    return found


def ids_of(model: type[Model], column: str, slugs: Any) -> dict[str, int]:
    wanted = set().union(*slugs)
    rows = model._default_manager.filter(**{f"{column}__in": wanted})
    return dict(rows.values_list(column, "pk")) if wanted else {}


def name_packages(pieces: list[Piece]) -> None:
    """Where a piece tells of money, it may be that of any package of whom it names."""
    telling = [piece for piece in pieces if MONEY.search(piece["html"])]
    events, people = (
        {pk for piece in telling for pk in piece[kind]} for kind in ("events", "people")
    )
    packages = Package.objects.public().filter(
        Q(event__in=events) | Q(person__in=people)
    )
    rows = list(packages.values_list("pk", "event", "person")) if telling else []
    for piece in pieces:
        piece["packages"] = []
    for piece in telling:
        events, people = {*piece["events"]}, {*piece["people"]}
        piece["packages"] = sorted(
            pk for pk, event, person in rows if event in events or person in people
        )


# -- When it is shown --------------------------------------------------------------------


def visible(pieces: list[Piece]) -> list[Piece]:
    """Those that name nobody and nothing that is not public now. A query for each kind."""
    gone = {}
    for kind, public in PUBLIC.items():
        named = {pk for piece in pieces for pk in piece.get(kind, ())}
        if named:
            there = public().filter(pk__in=named).values_list("pk", flat=True)
            gone[kind] = named - {*there}
    return without(pieces, **gone)


def without(pieces: list[Piece], **gone: Collection[int]) -> list[Piece]:
    """Those that name none of what is gone: ids by kind."""
    return [
        piece
        for piece in pieces
        if not any({*ids} & {*piece.get(kind, ())} for kind, ids in gone.items())
    ]
