"""Filters of the lists that have no page of their own; the others use their page's filter."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as lazy

from talent.insights.pay_filter import PackageFilter, PayScope
from talent.registry.filter_fields import Choice, Named, Words
from talent.registry.filter_form import FilterForm
from talent.registry.filters import EventFilter
from talent.registry.merging import resolve_organization
from talent.registry.models import (
    Citation,
    Deal,
    DealReading,
    Event,
    Organization,
    Package,
    Person,
    Reading,
    Source,
)
from talent.registry.models.organizations import Seat


class PeopleFilter(FilterForm):
    q = Words(label=lazy("Name, in any script and order"))

    def people(self) -> QuerySet[Person]:
        people = Person.objects.public()
        if text := self.cleaned_data["q"]:
            people = people.named(text)
        return people


class OrganizationsFilter(FilterForm):
    q = Words(label=lazy("Name, in any script and order"))
    seat = Choice([("", lazy("any seat")), *Seat.choices], label=lazy("Seat"))
    company = Named(
        Organization, resolve_organization, label=lazy("The company and its units")
    )

    def organizations(self) -> QuerySet[Organization]:
        chosen = self.cleaned_data
        organizations = Organization.objects.public()
        if chosen["q"]:
            organizations = organizations.named(chosen["q"])
        if chosen["seat"]:
            organizations = organizations.filter(seat=chosen["seat"])
        if chosen["company"]:
            organizations = organizations.filter(company=chosen["company"].company_id)
        return organizations


class PackagesFilter(PackageFilter):
    def packages_listed(self) -> QuerySet[Package]:
        return Package.objects.public().filter(pk__in=self.lines().values("pk"))


class ReadingsFilter(PackageFilter):
    """Which packages, and so which readings."""

    def readings(self) -> QuerySet[Reading]:
        public = Package.objects.public().filter(pk__in=self.lines().values("pk"))
        return Reading.objects.filter(package__in=public)


class DealsFilter(PayScope):
    def deals_listed(self) -> QuerySet[Deal]:
        return Deal.objects.filter(pk__in=self.deals())


class DealReadingsFilter(PayScope):
    def readings(self) -> QuerySet[DealReading]:
        return DealReading.objects.filter(deal__in=self.deals())


class CitationsFilter(EventFilter):
    """Which events, and so what is cited for them."""

    def citations(self) -> QuerySet[Citation]:
        return Citation.objects.filter(event__in=self.events().values("pk"))


class SourcesFilter(FilterForm):
    language = Words(label=lazy("ISO 639-1 code"))
    publisher = Words(label=lazy("Publisher, as written"))

    def sources(self) -> QuerySet[Source]:
        """Those that a published event or a public package rests on."""
        cited = Event.objects.published().filter(citations__source=OuterRef("pk"))
        paid = Package.objects.public().filter(readings__source=OuterRef("pk"))
        sources = Source.objects.filter(
            Exists(cited)
            | Exists(paid)
            | Exists(DealReading.objects.filter(source=OuterRef("pk")))
        )
        chosen: dict[str, Any] = self.cleaned_data
        named = Q()
        if chosen["language"]:
            named &= Q(language=chosen["language"])
        if chosen["publisher"]:
            named &= Q(publisher__iexact=chosen["publisher"])
        return sources.filter(named)
