"""Loading what rows of events show, and nothing else: a third of the time of loading it all.

Three queries whatever the number of rows. A row that began to show a column which
is left out here would read it once for each event; the tests of the pages count that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Prefetch

from talent.registry.models import Event, Organization, Package, Reading
from talent.registry.models.events import EventQuerySet
from talent.registry.models.pay import PackageQuerySet
from talent.registry.models.states import Status

OF_NAMES = ("search_key", "other_names", "created_at", "updated_at")
NOT_SHOWN = (
    *("summary", "summary_zh", "disagreement", "newest_source_on"),
    *("created_at", "updated_at", "person__known_for", "person__education"),
    *(f"person__{column}" for column in OF_NAMES),
)
OF_ENDS = ("slug", "name", "name_zh", "seat", "parent_id", "company_id")


def event_rows(events: EventQuerySet) -> list[Event]:
    """The events in their order, with their ends; see `complete` for the rest."""
    rows = list(events.select_related("person").defer(*NOT_SHOWN))
    add_ends(rows)
    return rows


def add_ends(events: list[Event]) -> None:
    """Lists name few organizations over and over: each is loaded once."""
    ends = ("organization", "company", "counterpart", "counterpart_company")
    places = named_places(
        getattr(event, f"{end}_id") for event in events for end in ends
    )
    for event in events:
        event.organization = places[event.organization_id]
        if event.counterpart_id:
            event.counterpart = places[event.counterpart_id]


def named_places(ids: Iterable[int | None]) -> dict[int, Organization]:
    """With what names and links show, and their companies where these are among the ids. One
    query, or none for no id.
    """
    wanted = {pk for pk in ids if pk}
    found = Organization.objects.only(*OF_ENDS).in_bulk(wanted) if wanted else {}
    for place in found.values():
        company = found.get(place.company_id or place.pk)
        if company:
            place.company = company
    return found


def complete(events: list[Event]) -> None:
    """Add the packages of these published events, with the figures that rows show. One query."""
    shown: dict[int | None, Paid] = {}
    figures = Reading.objects.filter(
        package__event__in=[event.pk for event in events],
        package__status=Status.PUBLISHED,
    ).select_related("package")
    # Few have any: they are put in order here, as `preferred_first` does.
    for figure in sorted(figures, key=lambda figure: (figure.weight, figure.pk)):
        if figure.rank == Reading.Rank.CONTRADICTED:
            continue
        # An event has one package at most; the first of its figures stands for it.
        shown.setdefault(figure.package.event_id, Paid(figure.package, figure))
    for event in events:
        vars(event)["shown_pay"] = shown.get(event.pk)


class Paid(NamedTuple):
    """A package and its headline figure."""

    package: Package
    figure: Reading


def pay_of(event: Event) -> list[Paid]:
    """What a row shows, as loaded by `complete` or by with_packages()."""
    if "shown_pay" in vars(event):
        paid: Paid | None = vars(event)["shown_pay"]
        return [paid] if paid else []
    packages = event.packages.all()
    return [Paid(each, figure) for each in packages if (figure := each.headline)]


def packages() -> PackageQuerySet:
    figures = Prefetch("readings", queryset=Reading.objects.preferred_first())
    return Package.objects.public().prefetch_related(figures)
