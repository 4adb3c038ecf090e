from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from talent.common.partial_date_columns import (
    NEWEST_FIRST_RANK,
    precision_field,
    rank,
    read,
)
from talent.common.partial_dates import PartialDate
from talent.registry.models import Organization, Package, Reading
from talent.registry.models.events import Standing, Status, units_within
from talent.registry.models.organizations import Seat
from talent.registry.models.pay import Qualifier


class Part(models.TextChoices):
    """Where a package stands; each is in exactly one part. The first one is what counts."""

    COUNTED = "counted", _("counted")
    DECLINED = "declined", _("declined")
    OFFERED = "offered", _("offered, outcome open")
    UNCLEAR = "unclear", _("outcome not known")
    SHARED = "shared", _("shared by a group")
    UNDISCLOSED = "undisclosed", _("amount not disclosed")
    RUMOURED = "rumoured", _("rumoured")
    DENIED = "denied", _("denied or contradicted")


class Left(models.TextChoices):
    """Whether somebody left within 12 months of the hire their package belongs to."""

    WITHIN = "within", _("left within 12 months")
    AFTER = "after", _("there for 12 months or longer")
    UNKNOWN = "unknown", _("not known yet")


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole US dollars; an end that is not stated is None, never zero."""

    low: int | None
    high: int | None

    @property
    def least(self) -> int:
        return self.low if self.low is not None else self.high or 0

    @property
    def most(self) -> int:
        return self.high if self.high is not None else self.low or 0


def amount(low: int | None, high: int | None) -> Amount | None:
    return None if low is None and high is None else Amount(low, high)


class PayLineQuerySet(models.QuerySet["PayLine"]):
    def public(self) -> Self:
        """Those whose package is public still: a refresh may be some seconds behind."""
        return self.filter(
            Q(package__event=None) | Q(package__event__status=Status.PUBLISHED),
            package__status=Status.PUBLISHED,
        )

    def at(self, organization: Organization) -> Self:
        """Paid or offered by it or by a unit below it."""
        if organization.is_unit:
            return self.filter(organization__in=units_within(organization))
        return self.filter(company=organization)

    def in_part(self, part: Part, *, rumours: bool = False) -> Self:
        return self.filter(**{part_column(rumours=rumours): part})

    def offers(self) -> Self:
        """What nobody was paid: refused, or nobody knows yet."""
        return self.filter(part__in=[Part.DECLINED, Part.OFFERED])

    def of_form(self, form: Reading.Form) -> Self:
        return self.filter(form=form)

    def with_dollars(self) -> Self:
        return self.exclude(low=None, high=None)

    def per_year(self) -> Self:
        return self.exclude(year_low=None, year_high=None)

    def not_per_year(self) -> Self:
        return self.filter(year_low=None, year_high=None)

    def reaching(self, amount: int, *, per_year: bool = False) -> Self:
        """Whose stated figure reaches the amount (US dollars).

        A total is not a year: yearly figures are compared only where years are asked for.
        """
        if per_year:
            return self.alias(most=Coalesce("year_high", "year_low")).filter(
                most__gte=amount
            )
        return (
            self.exclude(form=Reading.Form.ANNUAL)
            .alias(most=Coalesce("high", "low"))
            .filter(most__gte=amount)
        )

    def between(self, first: date, last: date, *, vague: bool = True) -> Self:
        """Both days included. Without a date of its own, a package is in no time asked for.

        `vague`: a date that is known roughly counts where it may lie in that time.
        """
        if vague:
            return self.filter(dated_on__lte=last, last_on__gte=first)
        return self.filter(dated_on__gte=first, last_on__lte=last)

    def newest_first(self) -> Self:
        """Without a date: last."""
        return self.order_by(F("recency").desc(nulls_last=True), "-package")

    def largest_first(self, *, per_year: bool = False) -> Self:
        """By the amount stated, of a range the lower end; equal ones by age in the record. Those
        without such an amount come last, newest first.
        """
        low, high = ("year_low", "year_high") if per_year else ("low", "high")
        missing = Q(**{low: None, high: None})
        return self.order_by(
            Coalesce(low, high).desc(nulls_last=True),
            Case(When(missing, then="recency")).desc(nulls_last=True),
            Case(
                When(missing, then=F("package_id") * -1),
                default="package_id",
                output_field=models.BigIntegerField(),
            ),
        )

    def largest_of_forms_first(self) -> Self:
        """Form by form, since forms do not compare."""
        forms = [
            When(form=form, then=Value(place))
            for place, form in enumerate(Reading.Form.values)
        ]
        missing = When(low=None, high=None, then=None)
        place = Case(missing, *forms, output_field=models.IntegerField())
        ordered = self.largest_first()
        return ordered.order_by(place.asc(nulls_last=True), *ordered.query.order_by)


def part_column(*, rumours: bool) -> str:
    return "part_with_rumours" if rumours else "part"


class PayLine(models.Model):
    """One public package with the figure it is known by: `figures.pay.Line`, stored, with what
    became of the stay. Amounts are whole US dollars.
    """

    package = models.OneToOneField(
        Package,
        on_delete=models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="line",
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="+",
    )
    company = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="+",
    )
    seat = models.CharField(max_length=20, choices=Seat.choices)
    reading = models.ForeignKey(
        Reading,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    standing = models.CharField(max_length=9, choices=Standing.choices)
    form = models.CharField(max_length=13, choices=Reading.Form.choices, blank=True)
    qualifier = models.CharField(max_length=9, choices=Qualifier.choices, blank=True)
    contradicted = models.BooleanField()
    stated = models.BooleanField()
    dated_on = models.DateField(null=True)
    precision = precision_field(blank=True)
    last_on = models.DateField(null=True, help_text="The last day its date covers.")
    recency = rank("dated_on", "precision", NEWEST_FIRST_RANK)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    rate_of = models.DateField(null=True)
    year_low = models.BigIntegerField(null=True)
    year_high = models.BigIntegerField(null=True)
    part = models.CharField(max_length=11, choices=Part.choices)
    part_with_rumours = models.CharField(max_length=11, choices=Part.choices)
    left = models.CharField(max_length=7, choices=Left.choices)
    unvested = models.BooleanField(
        help_text="The stay ended before all of it can have vested."
    )

    objects = PayLineQuerySet.as_manager()

    class Meta:
        indexes = [
            # The largest of a form first; those without an amount in dollars stand last.
            models.Index(
                "part",
                "form",
                Coalesce("low", "high").desc(nulls_last=True),
                "package",
                name="pay_line_largest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.package_id}: {self.part}"

    @property
    def dated(self) -> PartialDate | None:
        """Of the hire it belongs to; else the day its figure was published, if that is known."""
        return read(self.dated_on, self.precision)

    @property
    def dollars(self) -> Amount | None:
        """None: not stated, or in a currency without a rate for the date."""
        return amount(self.low, self.high)

    @property
    def per_year(self) -> Amount | None:
        """Where it can be told: a yearly figure, or a total whose years are stated."""
        return amount(self.year_low, self.year_high)

    def part_of(self, *, rumours: bool = False) -> Part:
        return Part(self.part_with_rumours if rumours else self.part)
