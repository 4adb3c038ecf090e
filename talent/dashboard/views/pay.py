"""Pay: packages as they were reported, per year, who left, what it cost, and why people moved."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from talent.common.pages import HtmxHttpRequest, render_page
from talent.dashboard.caching import changes_with_record
from talent.dashboard.pay_charts import per_year, reported
from talent.dashboard.pay_compared import compared
from talent.dashboard.pay_forgone import recorded, terms, worked_example
from talent.dashboard.pay_links import PayLinks
from talent.dashboard.pay_lists import (
    PER_PAGE,
    chips,
    loaded_deals,
    package_page,
    page_at,
    reason_page,
)
from talent.dashboard.pay_page import (
    PayFigures,
    PayQuestion,
    figures_for,
    kept,
    present_state,
    reasons_for,
    wrong,
)
from talent.dashboard.pay_reasons import count_of, reasons_chart, tellers_of
from talent.dashboard.pay_rows import rows_of
from talent.dashboard.social import canonical
from talent.insights.figures.pay_stays import stays_after
from talent.insights.models.pay import Left
from talent.insights.pay_filter import PackageFilter, PayScope, ReasonFilter
from talent.registry.models import Package

DEALS_SHOWN = 6
# Under this many observed stays a share says little.
FEW = 10


@require_safe
@changes_with_record
def pay(request: HtmxHttpRequest) -> HttpResponse:
    question = PayQuestion(request.GET)
    if not question.is_valid():
        return not_answered(request, "dashboard/pay.html", question)
    state = present_state()
    answer = kept(
        "pay-answer",
        f"{get_language()} {question.query()}",
        lambda: str(
            render_to_string(
                "dashboard/pay_answer.html", answer_to(question, state=state)
            )
        ),
        state=state,
    )
    # Rendered by our own template, which escapes.
    context = {
        "question": question,
        "answer": mark_safe(answer),
        "canonical": canonical(reverse("dashboard:pay"), question),
    }
    return render_page(request, "dashboard/pay.html", context)


def answer_to(question: PayQuestion, *, state: str) -> dict[str, Any]:
    figures = figures_for(question)
    return {
        "question": question,
        "figures": figures,
        "links": PayLinks(question, figures),
        **packages_of(question, figures),
        **reasons_of(question, state=state),
        **deals_of(question),
        "example": worked_example(question),
        "terms": terms(question),
    }


def not_answered(request: HtmxHttpRequest, template: str, filter: Any) -> HttpResponse:
    """The page with what is wrong, and no number."""
    context = {"question": filter, "wrong": wrong(filter)}
    return render_page(request, template, context, status=400)


def packages_of(question: PayQuestion, figures: PayFigures) -> dict[str, Any]:
    """Everything that shows single packages. Two queries."""
    few = (figures.leavers, figures.early, figures.offers)
    drawn = (figures.reported, figures.per_year, figures.not_comparable)
    left = Package.objects.filter(pk__in={*figures.leavers, *figures.early})
    rows = rows_of(
        {pk for each in (*drawn, *few) for pk in each},
        rumours=question.with_rumours,
        stays=stays_after(left),
    )
    leavers, early, offers = ([rows[pk] for pk in each if pk in rows] for each in few)
    observed = figures.left[Left.WITHIN] + figures.left[Left.AFTER]
    return {
        "reported": reported(question, figures, rows),
        "per_year": per_year(question, figures, rows),
        "compared": compared(question, figures),
        "leavers": leavers,
        "observed": observed,
        "few": observed < FEW,
        "forgone": recorded(question, early),
        "offers": offers,
    }


def reasons_of(question: PayQuestion, *, state: str) -> dict[str, Any]:
    filter = question.reasons
    reasons = reasons_for(filter, state=state)
    return {
        "reasons": reasons_chart(filter, reasons),
        "tellers": tellers_of(filter, reasons),
    }


def deals_of(question: PayQuestion) -> dict[str, Any]:
    keys = question.deals()
    query = PayScope.query_string(question.scope)
    return {
        "deals": loaded_deals(keys[:DEALS_SHOWN]),
        "deal_count": len(keys),
        "deals_url": f"{reverse('dashboard:pay_deals')}?{query}",
    }


@require_safe
@changes_with_record
def packages(request: HtmxHttpRequest) -> HttpResponse:
    filter = PackageFilter(request.GET, beside=("page",))
    if not filter.is_valid():
        return not_answered(request, "dashboard/pay_packages.html", filter)
    page, rows = package_page(filter, request.GET.get("page", ""))
    context = {
        "question": filter,
        "chips": chips(filter),
        "page": page,
        "rows": rows,
        "query": filter.query(),
        "canonical": canonical(reverse("dashboard:pay_packages"), filter),
        "largest_first": filter.query(sort="amount"),
        "newest_first": filter.query(sort=""),
    }
    return render_page(request, "dashboard/pay_packages.html", context)


@require_safe
@changes_with_record
def reasons(request: HtmxHttpRequest) -> HttpResponse:
    filter = ReasonFilter(request.GET, beside=("after",))
    if not filter.is_valid():
        return not_answered(request, "dashboard/pay_reasons.html", filter)
    rows, older = reason_page(filter, request.GET.get("after", ""))
    context = {
        "question": filter,
        "chips": chips(filter),
        "rows": rows,
        "older": older,
        "count": count_of(filter),
        "canonical": canonical(reverse("dashboard:pay_reasons"), filter),
    }
    return render_page(request, "dashboard/pay_reasons.html", context)


@require_safe
@changes_with_record
def deals(request: HtmxHttpRequest) -> HttpResponse:
    scope = PayScope(request.GET, beside=("page",))
    if not scope.is_valid():
        return not_answered(request, "dashboard/pay_deals.html", scope)
    page = page_at(scope.deals(), request.GET.get("page", ""))
    context = {
        "question": scope,
        "chips": chips(scope),
        "page": page,
        "deals": loaded_deals(list(page.object_list)),
        "query": scope.query(),
        "canonical": canonical(reverse("dashboard:pay_deals"), scope),
        "per_page": PER_PAGE,
    }
    return render_page(request, "dashboard/pay_deals.html", context)
