"""The numbers of the Pay page, each with the address of exactly the rows it counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from talent.common.amounts import short
from talent.dashboard.pay_page import PayFigures, PayQuestion
from talent.insights.models.pay import Left, Part
from talent.registry.models import Reading


@dataclass(frozen=True, slots=True)
class Number:
    label: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A choice of what a picture shows: its words, its count, the page that shows it."""

    label: str
    query: str
    chosen: bool
    value: int = 0


@dataclass(frozen=True, slots=True)
class PayLinks:
    question: PayQuestion
    figures: PayFigures

    def number(self, label: object, value: int, **choices: str) -> Number:
        path = reverse("dashboard:pay_packages")
        query = self.question.rows(**choices)
        return Number(str(label), value, f"{path}?{query}" if query else path)

    @property
    def total(self) -> Number:
        return self.number("", self.figures.total)

    @property
    def counted(self) -> Number:
        return self.number("", self.figures.counted, part=Part.COUNTED.value)

    @property
    def not_counted(self) -> list[Number]:
        """The other parts that have any."""
        return [
            self.number(part.label, n, part=part.value)
            for part, n in self.figures.parts.items()
            if n and part != Part.COUNTED
        ]

    @property
    def of_form(self) -> Number:
        form = self.question.chosen_form
        return self.number(
            form.label,
            self.figures.forms[form].n,
            part=Part.COUNTED.value,
            form=form.value,
            sort="amount",
        )

    @property
    def without_rate(self) -> Number:
        form = self.question.chosen_form.value
        counts = self.figures.forms[form]
        return self.number(
            "",
            counts.n - counts.in_dollars,
            part=Part.COUNTED.value,
            form=form,
            rate="none",
        )

    @property
    def forms(self) -> list[Tab]:
        chosen = self.question.chosen_form
        return [
            Tab(
                str(form.label),
                self.question.query(
                    form="" if form == Reading.Form.TOTAL_PACKAGE else form.value
                ),
                form == chosen,
                self.figures.forms[form].n,
            )
            for form in Reading.Form
        ]

    @property
    def groups(self) -> list[Tab]:
        field, chosen = self.question.fields["by"], self.question.cleaned_data["by"]
        choices: list[tuple[str, object]] = field.choices  # type: ignore[attr-defined]  # a Choice
        return [
            Tab(str(label), self.question.query(by=word), word == chosen)
            for word, label in choices
        ]

    @property
    def per_year(self) -> Number:
        return self.number(
            "",
            self.figures.per_year_n,
            part=Part.COUNTED.value,
            per="year",
            sort="amount",
        )

    @property
    def not_comparable(self) -> Number:
        return self.number(
            "", self.figures.not_comparable_n, part=Part.COUNTED.value, per="none"
        )

    @property
    def left(self) -> list[Number]:
        """Of the packages above the amount asked for: by whether their people left."""
        return [
            self.number(
                left.label,
                self.figures.left[left],
                part=Part.COUNTED.value,
                min=short(self.question.least),
                left=left.value,
            )
            for left in Left
        ]

    @property
    def offers(self) -> list[Number]:
        return [
            self.number(part.label, self.figures.parts[part], part=part.value)
            for part in (Part.DECLINED, Part.OFFERED)
            if self.figures.parts[part]
        ]
