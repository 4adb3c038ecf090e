"""What readers sent, for the desk's front page."""

from __future__ import annotations

from typing import Any

from django import template

from talent.intake.models import Tip

register = template.Library()

SHOWN = 12


@register.inclusion_tag("admin/intake/tip/latest.html")
def waiting_tips() -> dict[str, Any]:
    return {"tips": Tip.objects.open().with_subjects().oldest_first()[:SHOWN]}
