"""The one vocabulary of filters: pages, data and mail read it from the query string.

A wrong filter has no answer: nobody is shown an unfiltered number under a filter's
name. So a name nobody knows is an error, and so is a name with two values.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as lazy

from talent.common.amounts import short
from talent.common.date_ranks import across, inside, touching
from talent.common.money import SYMBOLS
from talent.registry import filter_words
from talent.registry.filter_fields import (
    Choice,
    Currency,
    Named,
    Stated,
    Switch,
    Words,
    amount_field,
    date_field,
)
from talent.registry.filter_form import DatedFilter
from talent.registry.id_sets import among
from talent.registry.merging import resolve_organization, resolve_person
from talent.registry.models import Event, Organization, Person, Reason
from talent.registry.models.events import COUNTED, EventQuerySet, Standing, ends
from talent.registry.models.organizations import Seat
from talent.registry.models.pay import ReadingQuerySet
from talent.registry.search import mentioning
from talent.registry.stated_figures import comparable


class EventFilter(DatedFilter):
    """Which events a list shows. Ask is_valid() first: a wrong filter has no answer."""

    parameters = {"origin": "from", "destination": "to"}

    q = Words(label=lazy("Words"), widget=forms.SearchInput)
    kind = Choice(
        [("", lazy("hires and departures")), *Event.Kind.choices], label=lazy("Kind")
    )
    person = Named(Person, resolve_person, label=lazy("Person"))
    company = Named(Organization, resolve_organization, label=lazy("Company or unit"))
    origin = Named(Organization, resolve_organization, label=lazy("From"))
    destination = Named(Organization, resolve_organization, label=lazy("To"))
    seat = Choice([("", lazy("any seat")), *Seat.choices], label=lazy("Seat"))
    standing = Choice(
        [("", lazy("reported or confirmed")), *Standing.choices], label=lazy("Standing")
    )
    reason = Stated(label=lazy("Stated reason"))
    since = date_field(label=lazy("Since"))
    until = date_field(label=lazy("Until"))
    vague = Switch("out", label=lazy("Leave out vague dates"))
    min = amount_field(label=lazy("Paid at least"))
    max = amount_field(label=lazy("Paid at most"))
    currency = Currency(tuple(SYMBOLS), label=lazy("Currency"))
    per = Choice(
        [("", lazy("in all")), ("year", lazy("per year"))], label=lazy("Figure")
    )
    origins = Switch("2", label=lazy("Two or more independent origins"))
    returns = Switch("on", label=lazy("Returns only"))
    rumours = Switch("on", label=lazy("Include rumours"))
    background = Switch("on", label=lazy("Include career history"))
    sort = Choice(
        [
            ("", lazy("newest first")),
            ("oldest", lazy("oldest first")),
            ("added", lazy("last added first")),
            ("amount", lazy("largest amount first")),
        ],
        label=lazy("Order"),
    )

    # -- Is it right? ------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_order("min", "max")
        self.found: EventQuerySet | None = None
        if text := self.cleaned_data.get("q"):
            try:
                self.found = mentioning(text)
            except forms.ValidationError as too_common:
                self.add_error("q", too_common)
        return self.cleaned_data

    # -- What does it say? -------------------------------------------------------------

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        if not (chosen["since"] or chosen["until"]):
            chosen["vague"] = ""
        if not (chosen["min"] or chosen["max"] or chosen["sort"] == "amount"):
            chosen["currency"] = chosen["per"] = ""
        if chosen["currency"] == "USD":
            chosen["currency"] = ""
        for bound in ("min", "max"):
            if chosen[bound]:
                chosen[bound] = short(self.cleaned_data[bound])
        return chosen

    def chips(self) -> list[filter_words.Chip]:
        return filter_words.chips(self)

    def description(self) -> str:
        return filter_words.description(self)

    @property
    def standings(self) -> list[Standing]:
        """Those of the events listed. A choice wins over the switch for rumours."""
        if chosen := self.cleaned_data["standing"]:
            return [Standing(chosen)]
        return [*COUNTED, *([Standing.RUMOURED] if self.with_rumours else [])]

    @property
    def stated_in(self) -> str:
        """The currency of the amounts asked for, and of their order: nothing is converted."""
        return str(self.cleaned_data["currency"] or "USD")

    @property
    def with_rumours(self) -> bool:
        return bool(self.cleaned_data["rumours"])

    @property
    def with_background(self) -> bool:
        return bool(self.cleaned_data["background"])

    @property
    def with_vague(self) -> bool:
        return not self.cleaned_data["vague"]

    # -- Which events are they? --------------------------------------------------------

    def events(self, *, ignoring: Collection[str] = ()) -> EventQuerySet:
        """The published events that match, in no order.

        `ignoring` names choices to leave aside, among those that facets count.
        """
        events = self.beside_facets.filter(self.plain_conditions(ignoring))
        if self.days and "dates" not in ignoring:
            falls = touching if self.with_vague else inside
            events = events.filter(falls("recency", *self.days))
        reason: Reason | None = self.cleaned_data["reason"]
        if reason and "reason" not in ignoring:
            events = events.with_reason(reason.name)
        return events

    def maybe_in_time(self) -> EventQuerySet:
        """Those whose vague date only may fall between the days asked for.

        They are among the events, unless vague dates are left out.
        """
        assert self.days is not None
        others = self.events(ignoring=("dates",))
        return others.filter(across("recency", *self.days))

    def plain_conditions(self, ignoring: Collection[str] = ()) -> Q:
        """Conditions on columns that the events and their tallies have in common."""
        chosen = self.cleaned_data
        found = Q()
        if chosen["kind"] and "kind" not in ignoring:
            found &= Q(kind=chosen["kind"])
        if chosen["seat"] and "seat" not in ignoring:
            found &= Q(organization__seat=chosen["seat"])
        if chosen["company"] and "company" not in ignoring:
            found &= self.at_company
        if "standing" not in ignoring:
            found &= Q(standing__in=self.standings)
        if not self.with_background and "background" not in ignoring:
            found &= Q(background=False)
        return found

    @cached_property
    def at_company(self) -> Q:
        near, _far = ends(self.cleaned_data["company"])
        return Q(**near)

    @cached_property
    def beside_facets(self) -> EventQuerySet:
        """Published events by the conditions that no facet offers."""
        chosen = self.cleaned_data
        events = Event.objects.published()
        if chosen["person"]:
            events = events.of_person(chosen["person"])
        if chosen["origin"]:
            events = events.moves_from(chosen["origin"])
        if chosen["destination"]:
            events = events.moves_to(chosen["destination"])
        if chosen["origins"]:
            events = events.filter(origin_count__gte=2)
        if chosen["returns"]:
            events = events.filter(stated_return=True)
        if self.found is not None:
            events = events & self.found
        if chosen["min"] is not None or chosen["max"] is not None:
            events = events.filter(among(self.figures().values("package__event")))
        return events

    def figures(self) -> ReadingQuerySet:
        """The stated figures that count for the amounts asked for and for their order."""
        chosen = self.cleaned_data
        return comparable(
            currency=self.stated_in,
            per_year=bool(chosen["per"]),
            rumours=self.with_rumours,
            at_least=chosen["min"],
            at_most=chosen["max"],
        )
