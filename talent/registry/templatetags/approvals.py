"""What waits for a second editor, for the desk's front page."""

from __future__ import annotations

from typing import Any

from django import template

from talent.registry.models import Approval

register = template.Library()

SHOWN = 12


@register.inclusion_tag("admin/registry/approval/latest.html")
def waiting_approvals() -> dict[str, Any]:
    waiting = Approval.objects.waiting().with_subjects().oldest_first()
    return {"waiting": waiting[:SHOWN]}
