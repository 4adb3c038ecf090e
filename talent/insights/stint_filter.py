"""Which stints: the words of the filter of events, for how long somebody stayed somewhere.

Every number that counts stints is told with a query string of this filter, and the list it
opens holds exactly the stints counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from talent.common.date_ranks import across, inside, touching
from talent.insights import stint_words
from talent.insights.models import Seating, StayTally, Stint
from talent.registry.event_rows import named_places
from talent.registry.filter_fields import Choice, Named, Parsed, date_field, shown
from talent.registry.filter_form import DatedFilter
from talent.registry.filter_words import Chip
from talent.registry.merging import resolve_organization, resolve_person
from talent.registry.models import Organization, Person
from talent.registry.models.organizations import Seat

# A hundred years: no stay is longer, and the column holds it.
MOST_MONTHS = 1200
# Choices that only a stint with a known start can meet.
NEED_START = ("since", "until", "at_least", "at_most", "followed")
FALLS = {"": touching, "out": inside, "only": across}
INCLUDED, LEFT_OUT = ("", lazy("included")), ("out", lazy("left out"))
# As in the filters of events and of moves, "on" means only those.
MARKED = [INCLUDED, LEFT_OUT, ("on", lazy("only those"))]


def parse_months(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_MONTHS):
        raise ValueError(
            _(
                "“%(text)s” is no number of months: write a whole one from 0 to %(most)s."
            )
            % {"text": shown(text), "most": MOST_MONTHS}
        )
    return int(text)


class StintFilter(DatedFilter):
    """Ask is_valid() first: a wrong filter has no answer.

    A company means the company with all its units; a unit, the stints that name it or a unit
    inside it. The seat is that of the unit first joined, or of the company.

    Months are whole ones, from the middle of what the start covers to the middle of what the
    end covers; of a stint with no end on record, as far as the newest source knows of it. Days
    and years asked for are those of joining.
    """

    person = Named(Person, resolve_person, label=lazy("Person"))
    company = Named(Organization, resolve_organization, label=lazy("Company or unit"))
    seat = Choice([("", lazy("any seat")), *Seat.choices], label=lazy("Seat"))
    since = date_field(label=lazy("Joined since"))
    until = date_field(label=lazy("Joined until"))
    vague = Choice(
        [INCLUDED, LEFT_OUT, ("only", lazy("only those"))],
        label=lazy("Vague dates of joining"),
    )
    at_least = Parsed(parse_months, label=lazy("Months at least"))
    at_most = Parsed(parse_months, label=lazy("Months at most"))
    ended = Choice(
        [
            ("", lazy("ended or last known")),
            ("yes", lazy("ended")),
            ("no", lazy("last known, no end on record")),
        ],
        label=lazy("End"),
    )
    followed = Choice(
        [
            ("", lazy("or not")),
            ("on", lazy("for a month, or to the end")),
            ("out", lazy("known from the beginning alone")),
        ],
        label=lazy("Followed"),
    )
    start = Choice(
        [
            ("", lazy("known or not")),
            ("known", lazy("on record")),
            ("unknown", lazy("not on record")),
        ],
        label=lazy("Start"),
    )
    about = Choice(MARKED, label=lazy("Lengths known roughly"))
    returns = Choice(MARKED, label=lazy("Returns"))
    founders = Choice(MARKED, label=lazy("Founders"))
    sort = Choice(
        [
            ("", lazy("last joined first")),
            ("shortest", lazy("shortest first")),
        ],
        label=lazy("Order"),
    )

    # -- Is it right? ------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_order("at_least", "at_most")
        if self.cleaned_data.get("start") == "unknown":
            for field in NEED_START:
                if self.cleaned_data.get(field) not in (None, ""):
                    message = _("“%(label)s” asks for stints whose start is on record.")
                    raise ValidationError(
                        {"start": message % {"label": self.fields[field].label}}
                    )
        return self.cleaned_data

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        if not (chosen["since"] or chosen["until"]):
            chosen["vague"] = ""
        if any(chosen[name] for name in NEED_START):
            chosen["start"] = ""
        return chosen

    # -- What does it say? -------------------------------------------------------------

    def chips(self) -> list[Chip]:
        return stint_words.chips(self)

    def description(self) -> str:
        return stint_words.description(self)

    # -- Which stints are they? --------------------------------------------------------

    def stints(self) -> QuerySet[Stint]:
        """The stints that match, in no order. A seat costs one query."""
        return self.whole_group().filter(self.joined & self.lengths & self.starts)

    def count(self) -> int:
        """How many stints match: from their tallies if those tell them apart. One query."""
        if not self.is_tallied:
            return self.stints().count()
        found = self.tallies(self.start_in_tallies).aggregate(
            n=Sum("stints", default=0)
        )
        return int(found["n"])

    def whole_group(self) -> QuerySet[Stint]:
        """Those that match but for when they began and how long they lasted."""
        chosen = self.cleaned_data
        found = self.marks
        if chosen["seat"]:
            found &= Q(first_place__in=Seating.objects.at(chosen["seat"]))
        if chosen["person"]:
            found &= Q(person=chosen["person"])
        if chosen["company"]:
            found &= was_at(chosen["company"])
        if chosen["ended"]:
            found &= Q(end_on__isnull=chosen["ended"] == "no")
        if chosen["founders"]:
            found &= Q(founder=chosen["founders"] == "on")
        return Stint.objects.filter(found)

    @property
    def marks(self) -> Q:
        """Conditions on columns that stints and their tallies have in common."""
        chosen, found = self.cleaned_data, Q()
        for field, column in MARKS.items():
            if chosen[field]:
                found &= Q((column, chosen[field] == "on"))
        return found

    # -- Counted beforehand ------------------------------------------------------------

    @property
    def is_tallied(self) -> bool:
        """Whether the tallies tell these stints apart. They know years of joining, not days."""
        chosen = self.cleaned_data
        return not (chosen["person"] or chosen["founders"]) and (
            self.days is None or self.whole_years is not None
        )

    def tallies(self, *conditions: Q, of_parts: bool = False) -> QuerySet[StayTally]:
        """The tallies of the whole group. `of_parts`: apart for every organization in it."""
        chosen = self.cleaned_data
        found = self.sort_of_tallies
        if chosen["ended"]:
            found &= Q(ended=chosen["ended"] == "yes")
        if not of_parts:
            found &= Q(organization=chosen["company"])
        elif chosen["company"]:
            found &= Q(organization__company=chosen["company"].company_id)
        else:
            found &= Q(organization__isnull=False)
        return StayTally.objects.filter(found, *conditions)

    @property
    def sort_of_tallies(self) -> Q:
        """The seat and the marks asked for."""
        seat = self.cleaned_data["seat"]
        return self.marks & Q(seat=seat) if seat else self.marks

    @property
    def within_tallies(self) -> Q:
        """The days of joining and the lengths asked for."""
        found = self.lengths_where(ended=Q(ended=True), known=Q(joined__isnull=False))
        if self.days is None:
            return found
        return found & (
            Q(pk__in=[])
            if self.cleaned_data["vague"] == "only"
            else Q(joined__range=self.whole_years)
        )

    @property
    def in_tallies(self) -> Q:
        return self.sort_of_tallies & self.within_tallies

    @property
    def start_in_tallies(self) -> Q:
        start, within = self.cleaned_data["start"], self.within_tallies
        return within & Q(joined__isnull=start == "unknown") if start else within

    @property
    def joined(self) -> Q:
        if self.days is None:
            return Q()
        return FALLS[self.cleaned_data["vague"]]("recency", *self.days)

    @property
    def lengths(self) -> Q:
        known = Q(recency__isnull=False)
        return self.lengths_where(ended=Q(end_on__isnull=False), known=known)

    def lengths_where(self, *, ended: Q, known: Q) -> Q:
        chosen, found = self.cleaned_data, Q()
        if chosen["at_least"] is not None:
            found &= Q(months__gte=chosen["at_least"])
        if chosen["at_most"] is not None:
            found &= Q(months__lte=chosen["at_most"])
        if chosen["followed"]:
            followed = ended | Q(months__gte=1)
            found &= known & (followed if chosen["followed"] == "on" else ~followed)
        return found

    @property
    def starts(self) -> Q:
        start = self.cleaned_data["start"]
        return Q(recency__isnull=start == "unknown") if start else Q()


def read_with_names(stints: QuerySet[Stint]) -> list[Stint]:
    """With all that a list shows and links of each: person, places, both events.

    Two queries: places are few and repeat, and one join of eight tables costs more to plan than
    to run.
    """
    rows = list(
        stints.select_related("person", "hire", "departure").only(
            *(field.name for field in Stint._meta.concrete_fields),
            *(f"person__{name}" for name in ("slug", "name", "name_zh")),
            *(f"{event}__slug" for event in ("hire", "departure")),
        )
    )
    ends = ("company", "unit", "first_place")
    put_places(
        rows, named_places(getattr(row, f"{end}_id") for row in rows for end in ends)
    )
    return rows


def put_places(stints: Iterable[Stint], places: Mapping[int, Organization]) -> None:
    for stint in stints:
        stint.company = places[stint.company_id]
        stint.first_place = places[stint.first_place_id]
        stint.unit = places[stint.unit_id] if stint.unit_id else None
        if stint.unit:
            stint.unit.company = stint.company


MARKS = {"about": "about", "returns": "is_return"}


def was_at(organization: Organization) -> Q:
    """For a unit the company is said too: that is what the indexes know."""
    if organization.is_unit:
        return Q(company=organization.company_id, units__contains=[organization.pk])
    return Q(company=organization.pk)
