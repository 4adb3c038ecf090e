"""What waits for a decision, and what readers sent, for the desk's front page."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, ngettext_lazy

from talent.intake.models import Proposal, Tip
from talent.registry import approvals

register = template.Library()

SHOWN = 12
BY_KIND = {
    Tip.Kind.EVENT: ngettext_lazy(
        "%(count)s event a reader suggests", "%(count)s events readers suggest", "count"
    ),
    Tip.Kind.CORRECTION: ngettext_lazy(
        "%(count)s correction a reader suggests",
        "%(count)s corrections readers suggest",
        "count",
    ),
    Tip.Kind.REPLY: ngettext_lazy(
        "%(count)s reply of somebody named here",
        "%(count)s replies of people named here",
        "count",
    ),
    Tip.Kind.REMOVAL: ngettext_lazy(
        "%(count)s request for removal", "%(count)s requests for removal", "count"
    ),
}


@register.inclusion_tag("admin/intake/tip/latest.html")
def waiting_tips() -> dict[str, Any]:
    return {"tips": Tip.objects.open().with_subjects().oldest_first()[:SHOWN]}


@register.inclusion_tag("admin/intake/waiting.html", takes_context=True)
def waiting(context: Any) -> dict[str, Any]:
    """How many of what wait for this editor, each with the list that holds them.

    Five queries at most, however many wait.
    """
    lines: list[tuple[str, str]] = []

    def line(count: int, words: Any, url: str) -> None:
        if count:
            lines.append((words % {"count": count}, url))

    user = context["request"].user
    if user.has_perm("registry.view_event"):
        count = Proposal.objects.in_state(Proposal.State.NEW).count()
        words = ngettext("%(count)s proposal", "%(count)s proposals", count)
        line(count, words, reverse("admin:intake_proposal_changelist"))
        rows = Tip.objects.open().order_by().values_list("kind")
        tips = dict(rows.annotate(count=Count("pk")))
        listed = reverse("admin:intake_tip_changelist")
        for kind, by_kind in BY_KIND.items():
            query = f"kind__exact={kind}&state__in=received,looking"
            line(tips.get(kind, 0), by_kind, f"{listed}?{query}")
    if user.has_perm("registry.view_approval"):
        count = approvals.waiting_on(user, at=timezone.now()).count()
        words = ngettext(
            "%(count)s decision of another editor for you to look at",
            "%(count)s decisions of other editors for you to look at",
            count,
        )
        listed = reverse("admin:registry_approval_changelist")
        line(count, words, f"{listed}?state__exact=waiting")
    return {"lines": lines}
