"""Loading what rows of events show, and nothing else: half the time of loading it all.

At most four queries whatever the number of rows. A row that began to show a column which
is left out here would read it once for each event; the tests of the pages count that.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, prefetch_related_objects

from talent.registry.models import Event, Organization, Package, Reading
from talent.registry.models.events import EventQuerySet
from talent.registry.models.pay import PackageQuerySet

OF_NAMES = ("search_key", "other_names", "created_at", "updated_at")
NOT_SHOWN = (
    *("summary", "summary_zh", "disagreement", "newest_source_on"),
    *("created_at", "updated_at", "person__known_for", "person__education"),
    *(
        f"{named}__{column}"
        for named in ("person", "organization", "counterpart")
        for column in OF_NAMES
    ),
)


def event_rows(events: EventQuerySet) -> list[Event]:
    """The events in their order, with their ends; see `complete` for the rest."""
    ends = events.select_related("person", "organization", "counterpart")
    return list(ends.defer(*NOT_SHOWN))


def complete(events: list[Event]) -> None:
    """Add the companies of units, and the packages with the figures that rows show."""
    ends = [
        end
        for event in events
        for end in (event.organization, event.counterpart)
        if end is not None
    ]
    # Most organizations are companies themselves: a join would load each twice.
    units = {end.company_id for end in ends if end.is_unit}
    companies = Organization.objects.defer(*OF_NAMES).in_bulk(units) if units else {}
    for end in ends:
        end.company = companies.get(end.company_id, end)
    # As a list: for each event, a queryset of its own would take longer than the loading.
    shown = Prefetch("packages", queryset=packages(), to_attr="shown_packages")
    prefetch_related_objects(events, shown)


def packages_of(event: Event) -> Iterable[Package]:
    """Those that a row shows, as loaded by `complete` or by with_packages()."""
    loaded: list[Package] | None = vars(event).get("shown_packages")
    return event.packages.all() if loaded is None else loaded


def packages() -> PackageQuerySet:
    figures = Prefetch("readings", queryset=Reading.objects.preferred_first())
    return Package.objects.public().prefetch_related(figures)
