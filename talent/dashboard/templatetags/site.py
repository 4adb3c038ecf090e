"""What every page says about the site itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from talent.common.release import release
from talent.dashboard import wave_list

register = template.Library()
# A longer query is left to what the browser says of the page it comes from.
LONGEST_QUERY = 500


@register.simple_tag
def site_release() -> str:
    return release()


@register.simple_tag
def waves_to_show() -> bool:
    """Whether the menu names the waves: an empty page is no place to go to."""
    return wave_list.any_published


@register.simple_tag(takes_context=True)
def this_page_in(context: dict[str, Any], language: str) -> str:
    """The address that leads to the same page in another language."""
    request = context["request"]
    page = request.get_full_path()
    page = page if len(page) <= LONGEST_QUERY else request.path
    return f"{reverse('change_language', args=[language])}?{urlencode({'next': page})}"
