"""Which moves: the words of the filter of events, for changes of place.

Every number that counts moves is told with a query string of this filter, and the list it
opens holds exactly the moves counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from talent.common.date_ranks import across, inside, touching
from talent.common.partial_dates import Precision
from talent.insights import move_words
from talent.insights.models import Move, Seating
from talent.registry.event_rows import named_places
from talent.registry.filter_fields import (
    SLUG,
    Choice,
    Named,
    Switch,
    Text,
    date_field,
    shown,
)
from talent.registry.filter_form import DatedFilter
from talent.registry.filter_words import Chip
from talent.registry.id_sets import among
from talent.registry.merging import resolve_organization, resolve_person
from talent.registry.models import Organization, Person
from talent.registry.models.events import units_within
from talent.registry.models.organizations import Seat

# The seat of an end that is not on record, as the address writes it.
UNKNOWN = "unknown"
# As many as the largest matrix has companies of its own, and some more.
MOST_LEFT_ASIDE = 30
SEATS = [("", lazy("any seat")), *Seat.choices]
SEATS_OR_UNKNOWN = [*SEATS, (UNKNOWN, lazy("not on record"))]
FALLS = {"": touching, "out": inside, "only": across}
# No more exactly than this; what the word in the address stands for.
ROUGHLY = {
    "quarter": (Precision.QUARTER, Precision.YEAR),
    "year": (Precision.YEAR,),
}


class Companies(tuple[Organization, ...]):
    """Several organizations, written as their addresses with commas between."""

    def __str__(self) -> str:
        return ",".join(sorted(organization.slug for organization in self))


class NoneOf(Text):
    """Addresses of companies with commas between. One query, more for former addresses."""

    def to_python(self, value: Any) -> Any:
        # The longest list of addresses is longer than a text may be.
        slugs = sorted({slug.strip() for slug in str(value or "").split(",")} - {""})
        if not slugs:
            return None
        if len(slugs) > MOST_LEFT_ASIDE:
            message = ngettext(
                "%(n)s company at most.", "%(n)s companies at most.", MOST_LEFT_ASIDE
            )
            raise ValidationError(message % {"n": MOST_LEFT_ASIDE})
        known = [slug for slug in slugs if SLUG.fullmatch(slug)]
        found = list(Organization.objects.public().filter(slug__in=known))
        for slug in sorted(set(slugs) - {organization.slug for organization in found}):
            moved_to = resolve_organization(slug)[0] if slug in known else None
            if moved_to is None:
                raise ValidationError(
                    _("“%(value)s” is no address of a company in the record.")
                    % {"value": shown(slug)}
                )
            found.append(moved_to)
        if units := [each for each in found if each.is_unit]:
            raise ValidationError(
                _("“%(value)s” is a unit: only whole companies can be left aside.")
                % {"value": shown(units[0])}
            )
        return Companies(found)


class MoveFilter(DatedFilter):
    """Ask is_valid() first: a wrong filter has no answer.

    An end that is a company means the company with all its units.
    """

    parameters = {"origin": "from", "destination": "to"}

    person = Named(Person, resolve_person, label=lazy("Person"))
    company = Named(Organization, resolve_organization, label=lazy("Company or unit"))
    origin = Named(Organization, resolve_organization, label=lazy("From"))
    destination = Named(Organization, resolve_organization, label=lazy("To"))
    not_from = NoneOf(label=lazy("From none of"))
    not_to = NoneOf(label=lazy("To none of"))
    seat = Choice(SEATS_OR_UNKNOWN, label=lazy("Seat"))
    from_seat = Choice(SEATS_OR_UNKNOWN, label=lazy("From seat"))
    to_seat = Choice(SEATS_OR_UNKNOWN, label=lazy("To seat"))
    side = Choice(
        [("", lazy("in or out")), ("in", lazy("in")), ("out", lazy("out"))],
        label=lazy("Side"),
    )
    since = date_field(label=lazy("Since"))
    until = date_field(label=lazy("Until"))
    vague = Choice(
        [
            ("", lazy("included")),
            ("out", lazy("left out")),
            ("only", lazy("only those")),
        ],
        label=lazy("Vague dates"),
    )
    dated = Choice(
        [
            ("", lazy("however exactly")),
            ("quarter", lazy("to the quarter or the year alone")),
            ("year", lazy("to the year alone")),
        ],
        label=lazy("Dated"),
    )
    returns = Switch("on", label=lazy("Only returns"))
    founders = Switch("on", label=lazy("Only founders"))
    internal = Choice(
        [
            ("", lazy("left out")),
            ("on", lazy("included")),
            ("only", lazy("only those")),
        ],
        label=lazy("Moves inside a company"),
    )
    rumours = Switch("on", label=lazy("Include rumours"))

    # -- Is it right? ------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.take_sides()
        return self.cleaned_data

    def take_sides(self) -> None:
        """Into Acme is to Acme: one list has one address."""
        chosen = self.cleaned_data
        side = chosen.get("side")
        if not side:
            return
        if not (chosen.get("company") or chosen.get("seat")):
            if not self.errors:
                message = _(
                    "“%(value)s” says in or out of what? Name a company or seat."
                )
                self.add_error("side", message % {"value": side})
            return
        place, seat = (
            ("destination", "to_seat") if side == "in" else ("origin", "from_seat")
        )
        for either, end in (("company", place), ("seat", seat)):
            if chosen.get(either) and not chosen.get(end):
                chosen[end], chosen[either] = chosen[either], self.nothing(either)
        if not (chosen.get("company") or chosen.get("seat")):
            chosen["side"] = ""

    @staticmethod
    def nothing(field: str) -> str | None:
        return "" if field == "seat" else None

    def canonical(self, chosen: dict[str, str]) -> dict[str, str]:
        if not (chosen["since"] or chosen["until"]):
            chosen["vague"] = ""
        return chosen

    # -- What does it say? -------------------------------------------------------------

    def chips(self) -> list[Chip]:
        return move_words.chips(self)

    def description(self) -> str:
        return move_words.description(self)

    # -- Which moves are they? ---------------------------------------------------------

    def moves(self) -> QuerySet[Move]:
        """The moves that match, in no order.

        A unit costs one query for each level below it, a seat one.
        """
        chosen = self.cleaned_data
        moves = Move.objects.filter(self.dates & self.places & self.seats(of_moves))
        if chosen["person"]:
            moves = moves.filter(person=chosen["person"])
        if chosen["dated"]:
            moves = moves.filter(precision__in=ROUGHLY[chosen["dated"]])
        if chosen["returns"]:
            moves = moves.filter(is_return=True)
        if chosen["founders"]:
            moves = moves.filter(founder=True)
        if chosen["internal"] != "on":
            moves = moves.filter(internal=bool(chosen["internal"]))
        if not chosen["rumours"]:
            moves = moves.filter(rumoured=False)
        return moves

    @property
    def dates(self) -> Q:
        if self.days is None:
            return Q()
        return FALLS[self.cleaned_data["vague"]]("recency", *self.days)

    @property
    def places(self) -> Q:
        chosen, found = self.cleaned_data, Q()
        if chosen["origin"]:
            found &= came_from(chosen["origin"])
        if chosen["destination"]:
            found &= went_to(chosen["destination"])
        if company := chosen["company"]:
            found &= sided(chosen["side"], came_from(company), went_to(company))
        if chosen["not_from"]:
            found &= none_of("from_company", chosen["not_from"])
        if chosen["not_to"]:
            found &= none_of("to_company", chosen["not_to"])
        return found

    def seats(self, at_seat: Callable[[str, str], Q]) -> Q:
        """`at_seat`: how the rows asked for tell a seat, of_moves or of_tallies."""
        chosen, found = self.cleaned_data, Q()
        for end in ("from_seat", "to_seat"):
            if seat := chosen[end]:
                found &= at_seat(end, seat)
        if seat := chosen["seat"]:
            out, into = at_seat("from_seat", seat), at_seat("to_seat", seat)
            found &= sided(chosen["side"], out, into)
        return found


def read_with_names(moves: QuerySet[Move]) -> list[Move]:
    """Read the moves with all that a row of a list shows and links: person, ends, events.

    Which moves they are an index tells; only those shown are fetched. Two queries.
    """
    shown = Move.objects.filter(among(moves.values("pk")))
    return with_names(shown.order_by(*moves.query.order_by))


def with_names(moves: QuerySet[Move]) -> list[Move]:
    """Two queries: places are few and repeat, and one join of eight tables costs more to plan
    than to run.
    """
    rows = list(
        moves.select_related("person", "hire", "departure").only(
            *(field.name for field in Move._meta.concrete_fields),
            *(f"person__{name}" for name in ("slug", "name", "name_zh")),
            "hire__slug",
            *(f"departure__{name}" for name in ("slug", "happened_on", "precision")),
        )
    )
    ends = ("origin", "destination", "from_company", "to_company")
    places = named_places(getattr(move, f"{end}_id") for move in rows for end in ends)
    for move in rows:
        move.origin = places[move.origin_id] if move.origin_id else None
        move.destination = places[move.destination_id] if move.destination_id else None
    return rows


def sided(side: str, out: Q, into: Q) -> Q:
    return {"out": out, "in": into}.get(side, out | into)


def of_tallies(end: str, seat: str) -> Q:
    return Q((end, "" if seat == UNKNOWN else seat))


def of_moves(end: str, seat: str) -> Q:
    place = ENDS[end]
    if seat == UNKNOWN:
        return Q((place, None))
    return Q((f"{place}__in", Seating.objects.at(seat)))


ENDS = {"from_seat": "origin", "to_seat": "destination"}


def came_from(organization: Organization) -> Q:
    return at_end("from_company", "origin", organization)


def went_to(organization: Organization) -> Q:
    return at_end("to_company", "destination", organization)


def at_end(company: str, place: str, organization: Organization) -> Q:
    """For a unit the company is said too: that is what the indexes know."""
    if organization.is_unit:
        inside = units_within(organization)
        return Q((company, organization.company_id), (f"{place}__in", inside))
    return Q((company, organization.pk))


def none_of(company: str, aside: Companies) -> Q:
    """On record, and none of these."""
    ids = [organization.pk for organization in aside]
    return Q((f"{company}__isnull", False)) & ~Q((f"{company}__in", ids))
