from __future__ import annotations

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from talent.common import money
from talent.common.partial_date_columns import precision_field, starts_its_period
from talent.common.partial_dates import PartialDate, Precision
from talent.registry.models import triggers, two_eyes
from talent.registry.models.events import Event, Standing, Status
from talent.registry.models.history import recorded
from talent.registry.models.organizations import Organization
from talent.registry.models.pay import Qualifier
from talent.registry.models.people import Person
from talent.registry.models.sources import Source


class DealQuerySet(models.QuerySet["Deal"]):
    def with_readings(self) -> Self:
        readings = DealReading.objects.select_related("source").order_by("pk")
        # A join would read the names of all organizations: PostgreSQL cannot tell how few deals
        # there are.
        return self.prefetch_related(
            "buyer", "target", Prefetch("readings", queryset=readings)
        )

    def of_event(self, event: Event) -> Self:
        return self.filter(events=event).order_by("happened_on", "pk")

    def of_person(self, person: Person) -> Self:
        return (
            self.filter(events__person=person, events__status=Status.PUBLISHED)
            .distinct()
            .order_by("happened_on", "pk")
        )

    def at_company(self, company: Organization) -> Self:
        # As two short lists of ids: a join would put every deal there is beside its ends.
        inside = Organization.objects.filter(company=company).values("pk")
        return self.filter(Q(buyer__in=inside) | Q(target__in=inside)).order_by(
            "-happened_on", "-pk"
        )


@recorded(told=True)
class Deal(models.Model):
    """Money between companies, shared by the people who moved with it: never anybody's pay."""

    class Form(models.TextChoices):
        ACQUIHIRE = "acquihire", _("acquihire")
        LICENCE = "licence", _("licence")
        ACQUISITION = "acquisition", _("acquisition")
        INVESTMENT = "investment", _("investment")

    key = models.SlugField(_("address"), max_length=160, unique=True)
    buyer = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="bought",
        verbose_name=_("buyer"),
    )
    target = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="sold",
        verbose_name=_("target"),
    )
    form = models.CharField(_("form"), max_length=11, choices=Form.choices, blank=True)
    happened_on = models.DateField(_("date"))
    precision = precision_field(default=Precision.DAY)
    events = models.ManyToManyField(
        Event,
        through="DealEvent",
        related_name="deals",
        verbose_name=_("people who moved with it"),
    )

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        constraints = [
            starts_its_period("happened_on", "precision", "deal_date_at_start"),
            models.CheckConstraint(
                name="deal_between_two",
                condition=~Q(buyer=F("target")),
                violation_error_message=_(
                    "A deal has two sides: buyer and target differ."
                ),
            ),
        ]
        triggers = triggers.generation()

    def __str__(self) -> str:
        return f"{self.buyer} – {self.target}"

    @property
    def happened(self) -> PartialDate:
        return PartialDate(self.happened_on, Precision(self.precision))


@recorded(found_by="deal", told=True)
class DealEvent(models.Model):
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "event"], name="deal_event_once")
        ]
        triggers = triggers.generation()

    def __str__(self) -> str:
        return str(self.event)


@recorded(found_by="deal", told=True)
class DealReading(models.Model):
    """One stated figure of a deal."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="readings")
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="USD",
        validators=[
            RegexValidator(r"^[A-Z]{3}$", _("Write the ISO 4217 code: USD, CNY, EUR."))
        ],
    )
    low = models.BigIntegerField(_("from"), null=True, blank=True)
    high = models.BigIntegerField(_("to"), null=True, blank=True)
    qualifier = models.CharField(
        _("qualifier"), max_length=9, choices=Qualifier.choices, blank=True
    )
    standing = models.CharField(
        _("standing"), max_length=9, choices=Standing.choices, default=Standing.REPORTED
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deal_readings",
    )

    class Meta:
        verbose_name = _("deal reading")
        verbose_name_plural = _("deal readings")
        constraints = [
            models.CheckConstraint(
                name="deal_reading_amounts_in_order",
                condition=Q(low=None) | Q(high=None) | Q(low__lte=F("high")),
                violation_error_message=_(
                    "The lower amount cannot be above the higher one."
                ),
            )
        ]
        triggers = [
            *triggers.generation(),
            two_eyes.denied("deal_reading", "deny_deal_figure"),
        ]

    def __str__(self) -> str:
        return money.stated(
            self.currency, self.low, self.high, self.qualifier
        ) or gettext("undisclosed amount")
