"""Every public page, for crawlers: the index and its files (sitemaps.org, protocol 0.9).

A file holds the rows whose keys lie in one range, so that it is read by one query however many
there are, and stays the same file while rows are added. Each page stands in it once for each
language; which pages belong together, the pages say themselves (hreflang).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import DateTimeField, F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from talent.insights.models import Refresh
from talent.insights.version import data_version
from talent.opendata.models import DataSet
from talent.registry.models import (
    Event,
    Generation,
    Organization,
    Package,
    Person,
    Wave,
)

# The protocol's limit, and ours: shared by the languages.
MOST_ADDRESSES = 50_000
PAGES_A_FILE = MOST_ADDRESSES // len(settings.LANGUAGES)
# Keys are 64 bits wide.
LAST_FILE = 2**63 // PAGES_A_FILE - 2
CHUNK = 2_000
KEPT_SECONDS = 3600
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
# Each changes with the figures, with the record, or with a release.
FIGURES = ("moves", "stays", "pay", "pay_packages", "pay_reasons", "pay_deals", "seats")
LISTS = ("home", "event_list", "corrections", "wave_list", "status")
OTHERS = (
    *("dashboard:about", "digests:subscribe", "digests:archive"),
    *("opendata_pages:data", "opendata_pages:webhooks"),
)

# The last part of an address, and when its page changed last, if that is known.
Row = tuple[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Part:
    """Pages of one sort. `page` is the URL name that takes the slug."""

    page: str
    rows: Callable[[], QuerySet[Any]]
    # A range of keys has a file if one of these rows, by this key, lies in it.
    lying: Callable[[], list[tuple[QuerySet[Any], str]]]
    # Whether those rows tell when the pages of a range changed last.
    dated: bool = True

    def ranges(self) -> dict[int, datetime | None]:
        """When each changed last; None where only what there is can be said."""
        found: dict[int, datetime | None] = {}
        for rows, key in self.lying():
            found |= ranges_of(rows, key)
        return found if self.dated else dict.fromkeys(found)

    def has(self, number: int) -> bool:
        """Whether the index names the file. One query, two at most."""
        return any(
            rows.filter(**within(number, key)).exists() for rows, key in self.lying()
        )


def people() -> QuerySet[Any]:
    """The page of a person changes with their events; so it did when one was withdrawn."""
    theirs = Event.objects.filter(person=OuterRef("pk"), published_at__isnull=False)
    newest = theirs.order_by().values("person").annotate(at=Max("updated_at"))
    # GREATEST leaves out what is unknown.
    changed = Greatest("updated_at", Subquery(newest.values("at")))
    return Person.objects.public().annotate(changed=changed)


def events() -> QuerySet[Any]:
    return Event.objects.published().annotate(changed=F("updated_at"))


def organizations() -> QuerySet[Any]:
    """When a page of theirs changed would take as long to find as to draw it."""
    return Organization.objects.public().annotate(changed=Value(None, DateTimeField()))


def ranges_of(rows: QuerySet[Any], key: str) -> dict[int, datetime | None]:
    found = rows.order_by().annotate(n=F(key) / PAGES_A_FILE).values("n")
    return dict(found.annotate(at=Max("updated_at")).values_list("n", "at"))


def within(number: int, key: str) -> dict[str, int]:
    first = number * PAGES_A_FILE
    return {f"{key}__gte": first, f"{key}__lt": first + PAGES_A_FILE}


def naming_people() -> list[tuple[QuerySet[Any], str]]:
    """Packages first: of a range that both name, the events tell when it changed."""
    ever = Event.objects.filter(published_at__isnull=False)
    paid = Package.objects.public().exclude(person=None)
    return [(paid, "person_id"), (ever, "person_id")]


PARTS = {
    "people": Part("dashboard:person", people, naming_people),
    "organizations": Part(
        "dashboard:organization",
        organizations,
        lambda: [(Organization.objects.all(), "pk")],
        dated=False,
    ),
    "events": Part(
        "dashboard:event", events, lambda: [(Event.objects.published(), "pk")]
    ),
}


# -- Writing -----------------------------------------------------------------------------


def index() -> str:
    """Read once for each state of the record: a second for a million events."""
    key = f"sitemap:{data_version()}"
    written: str | None = cache.get(key)
    if written is None:
        written = "".join(index_lines())
        cache.set(key, written, KEPT_SECONDS)
    return written


def index_lines() -> Iterator[str]:
    yield f"{HEAD}<sitemapindex {SCHEMA}>\n"
    yield entry("sitemap", address("opendata:sitemap_of_pages"), record_changed())
    for name, part in PARTS.items():
        for number, changed in sorted(part.ranges().items()):
            yield entry(
                "sitemap", address("opendata:sitemap_part", name, number), changed
            )
    yield "</sitemapindex>\n"


def file_lines(part: Part, number: int) -> Iterator[str]:
    """One query, read by a cursor of the server."""
    rows = part.rows().filter(**within(number, "pk")).order_by("pk")
    around = [around_slug(part.page, code) for code, _name in settings.LANGUAGES]
    found = rows.values_list("slug", "changed").iterator(chunk_size=CHUNK)
    yield from urlset(
        (f"{before}{slug}{after}", changed)
        for slug, changed in found
        for before, after in around
    )


def page_lines() -> Iterator[str]:
    """Figures, lists, waves, data: the pages there are one by one."""
    refreshed = Refresh.objects.filter(outcome=Refresh.Outcome.DONE).order_by("-pk")
    figures = refreshed.values_list("started_at", flat=True).first()
    pages: list[tuple[str, list[str], datetime | None]] = [
        *((f"dashboard:{name}", [], record_changed()) for name in LISTS),
        *((f"dashboard:{name}", [], figures) for name in FIGURES),
        *((name, [], None) for name in OTHERS),
    ]
    waves = Wave.objects.published().newest_first().values_list("slug", "updated_at")
    pages += [("dashboard:wave", [slug], at) for slug, at in waves]
    sets = DataSet.objects.current().newest_first().values_list("name", "made_at")
    pages += [("opendata_pages:data_set", [name], at) for name, at in sets]
    yield from urlset(
        (address(name, *args, language=code), changed)
        for name, args, changed in pages
        for code, _name in settings.LANGUAGES
    )


def urlset(addresses: Iterable[Row]) -> Iterator[str]:
    yield f"{HEAD}<urlset {SCHEMA}>\n"
    for where, changed in addresses:
        yield entry("url", where, changed)
    yield "</urlset>\n"


def entry(element: str, where: str, changed: datetime | None) -> str:
    lastmod = f"<lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
    return f"<{element}><loc>{escape(where)}</loc>{lastmod}</{element}>\n"


def record_changed() -> datetime | None:
    return Generation.objects.values_list("changed_at", flat=True).first()


def address(name: str, *args: Any, language: str = "en") -> str:
    with override(language):
        return f"{settings.SITE_URL}{reverse(name, args=args)}"


def around_slug(page: str, language: str) -> tuple[str, str]:
    before, _slug, after = address(page, "slug", language=language).rpartition("slug")
    return before, after
