from __future__ import annotations

from math import ceil
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from talent.common import money
from talent.registry.models import triggers, two_eyes
from talent.registry.models.events import COUNTED, Event, Standing, Status, units_within
from talent.registry.models.history import recorded
from talent.registry.models.organizations import Organization
from talent.registry.models.people import Person
from talent.registry.models.sources import Source


class Qualifier(models.TextChoices):
    MORE_THAN = "more than", _("more than")
    ABOUT = "about", _("about")
    UP_TO = "up to", _("up to")
    EXACTLY = "exactly", _("exactly")


class PackageQuerySet(models.QuerySet["Package"]):
    def public(self) -> Self:
        """Published, and of a published event where it belongs to one."""
        return self.filter(
            Q(event=None) | Q(event__status=Status.PUBLISHED), status=Status.PUBLISHED
        )

    def with_readings(self) -> Self:
        """Everything a package needs on a page: three queries, whatever the number of rows."""
        readings = Reading.objects.select_related("source").preferred_first()
        return self.select_related(
            "person", "organization", "organization__company", "event"
        ).prefetch_related(Prefetch("readings", queryset=readings))

    def of_person(self, person: Person) -> Self:
        return self.filter(person=person)

    def at(self, organization: Organization) -> Self:
        """Paid or offered by it or by a unit below it."""
        if organization.is_unit:
            return self.filter(organization__in=units_within(organization))
        return self.filter(organization__company=organization)

    def apart_from_hires(self) -> Self:
        """Offers and figures that belong to no recorded hire."""
        return self.filter(event=None)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def of_events(self, events: list[Event]) -> Self:
        return self.filter(event__in=events)


@recorded(found_by="event", told=True)
class Package(models.Model):
    """Compensation offered or paid to one person, or to a described group."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        OFFERED = "offered", _("offered")
        UNKNOWN = "unknown", _("unknown")

    Status = Status

    key = models.SlugField(max_length=160, unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="packages",
        verbose_name=_("person"),
    )
    recipients = models.CharField(
        _("recipients"),
        max_length=300,
        blank=True,
        help_text=_("Instead of a person: the group it was offered to."),
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="packages",
        verbose_name=_("organization"),
        help_text=_("Who pays or offers."),
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="packages",
        verbose_name=_("hire"),
        help_text=_("The hire it belongs to. Empty for a declined offer."),
    )
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=Status.choices,
        default=Status.DRAFT,
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        constraints = [
            models.CheckConstraint(
                name="package_of_person_or_group",
                condition=(Q(person=None) & ~Q(recipients=""))
                | (Q(person__isnull=False) & Q(recipients="")),
                violation_error_message=_(
                    "Name the person, or describe the group: one of the two."
                ),
            ),
            models.UniqueConstraint(
                fields=["event"],
                name="package_once_per_event",
                violation_error_message=_(
                    "This hire has a package already: add the figure to it."
                ),
            ),
        ]
        triggers = [*triggers.generation(), two_eyes.pay_withdrawn()]

    def __str__(self) -> str:
        return f"{self.person or self.recipients} – {self.organization}"

    @property
    def headline(self) -> Reading | None:
        """The preferred reading, or the first that nothing contradicts, a denied one last.

        Reads loaded readings.
        """
        readings = sorted(self.readings.all(), key=lambda r: (r.weight, r.pk))
        return next((r for r in readings if r.rank != Reading.Rank.CONTRADICTED), None)

    @property
    def is_counted(self) -> bool:
        """Whether rankings may use it: accepted, and its figure neither denied nor rumour."""
        figure = self.headline
        return (
            self.outcome == self.Outcome.ACCEPTED
            and figure is not None
            and figure.standing in COUNTED
            and figure.is_stated
        )


# Which reading stands for a package, lightest first: what an editor prefers; then what nobody
# denies. `Reading.weight` says the same.
WEIGHT = models.Case(
    models.When(rank="preferred", then=0),
    models.When(rank="contradicted", then=4),
    models.When(standing=Standing.DENIED, then=3),
    models.When(rank="", then=1),
    default=2,
)


class ReadingQuerySet(models.QuerySet["Reading"]):
    def preferred_first(self) -> Self:
        return self.order_by(WEIGHT, "pk")


@recorded(found_by="package", told=True)
class Reading(models.Model):
    """One stated figure. Empty amounts mean that the figure was never stated, not zero."""

    class Form(models.TextChoices):
        TOTAL_PACKAGE = "total_package", _("total package")
        ANNUAL = "annual", _("annual")
        SIGNING_BONUS = "signing_bonus", _("signing bonus")
        RETENTION = "retention", _("retention")
        EQUITY = "equity", _("equity")

    class Rank(models.TextChoices):
        PREFERRED = "preferred", _("preferred")
        ALSO_REPORTED = "also_reported", _("also reported")
        CONTRADICTED = "contradicted", _("contradicted")

    class Terms(models.TextChoices):
        GUARANTEED = "guaranteed", _("guaranteed")
        TARGETS = "targets", _("tied to targets")

    package = models.ForeignKey(
        Package, on_delete=models.CASCADE, related_name="readings"
    )
    form = models.CharField(_("form"), max_length=13, choices=Form.choices)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="USD",
        validators=[
            RegexValidator(r"^[A-Z]{3}$", _("Write the ISO 4217 code: USD, CNY, EUR."))
        ],
        help_text=_("ISO 4217 code of the stated figure. Never converted here."),
    )
    low = models.BigIntegerField(
        _("from"),
        null=True,
        blank=True,
        help_text=_("Whole currency units, as stated."),
    )
    high = models.BigIntegerField(_("to"), null=True, blank=True)
    qualifier = models.CharField(
        _("qualifier"), max_length=9, choices=Qualifier.choices, blank=True
    )
    years = models.DecimalField(
        _("years"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("Over how many years, only if the source says so."),
    )
    several_years = models.BooleanField(
        _("several years"),
        default=False,
        help_text=_("The source says it covers several years but not how many."),
    )
    terms = models.CharField(
        _("terms"), max_length=10, choices=Terms.choices, blank=True
    )
    standing = models.CharField(
        _("standing"), max_length=9, choices=Standing.choices, default=Standing.REPORTED
    )
    rank = models.CharField(_("rank"), max_length=13, choices=Rank.choices, blank=True)
    note = models.CharField(
        _("note"),
        max_length=500,
        blank=True,
        help_text=_("One sentence: why this rank."),
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="readings",
        verbose_name=_("source"),
    )

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.CheckConstraint(
                name="reading_amounts_in_order",
                condition=(Q(low=None) | Q(low__gte=0))
                & (Q(high=None) | Q(high__gte=0))
                & (Q(low=None) | Q(high=None) | Q(low__lte=F("high"))),
                violation_error_message=_(
                    "The lower amount cannot be above the higher one, nor either below zero."
                ),
            ),
            models.CheckConstraint(
                name="reading_years_positive",
                condition=Q(years=None) | Q(years__gt=0),
                violation_error_message=_("A number of years is above zero."),
            ),
            models.CheckConstraint(
                name="reading_currency_code",
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                violation_error_message=_("Write the ISO 4217 code: USD, CNY, EUR."),
            ),
            models.UniqueConstraint(
                fields=["package"],
                condition=Q(rank="preferred"),
                name="reading_one_preferred",
                violation_error_message=_(
                    "One reading of a package can be the preferred one."
                ),
            ),
        ]
        triggers = [
            *triggers.generation(),
            two_eyes.denied("reading", "deny_figure"),
        ]

    def __str__(self) -> str:
        """As a reader is told it: "more than US$200M over several years", "about CN¥10M a year"."""
        figure = money.stated(self.currency, self.low, self.high, self.qualifier)
        if not figure:
            figure = gettext("undisclosed amount")
        match self.form:
            case self.Form.ANNUAL:
                return money.a_year(figure)
            case self.Form.SIGNING_BONUS:
                return _("%(amount)s signing bonus") % {"amount": figure}
            case self.Form.RETENTION:
                return _("%(amount)s retention") % {"amount": figure}
            case self.Form.EQUITY:
                return _("%(amount)s in equity") % {"amount": figure}
        if self.years:
            years = f"{self.years.normalize():f}"
            return ngettext(
                "%(amount)s over %(years)s year",
                "%(amount)s over %(years)s years",
                ceil(self.years),
            ) % {
                "amount": figure,
                "years": years,
            }
        if self.several_years:
            return _("%(amount)s over several years") % {"amount": figure}
        return str(figure)

    @property
    def weight(self) -> int:
        """Of the readings of a package, the lightest stands for it: see WEIGHT."""
        match self.rank:
            case self.Rank.PREFERRED:
                return 0
            case self.Rank.CONTRADICTED:
                return 4
        if self.standing == Standing.DENIED:
            return 3
        return 2 if self.rank else 1

    @property
    def is_stated(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def per_year(self) -> tuple[int | None, int | None] | None:
        """Low and high per year, only where the years are stated; None means not comparable."""
        if not self.is_stated:
            return None
        if self.form == self.Form.ANNUAL:
            return self.low, self.high
        if self.form == self.Form.TOTAL_PACKAGE and self.years:
            return tuple(  # type: ignore[return-value]  # two in, two out
                None if value is None else round(value / self.years)
                for value in (self.low, self.high)
            )
        return None
