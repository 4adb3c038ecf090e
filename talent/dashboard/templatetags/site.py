"""What every page says about the site itself."""

from __future__ import annotations

from django import template

from talent.common.release import release

register = template.Library()


@register.simple_tag
def site_release() -> str:
    return release()
