"""The head of every page: what it tells search engines and other sites."""

from __future__ import annotations

from html import unescape
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from talent.dashboard.social import head_of
from talent.dashboard.social_cards import HEIGHT, WIDTH, can_draw

register = template.Library()


@register.simple_block_tag
def said(content: str) -> str:
    """What a block says, to be said again: a template may hold a block only once."""
    return content


@register.inclusion_tag("components/head.html", takes_context=True)
def head(
    context: Context, title: SafeString, description: SafeString
) -> dict[str, Any]:
    said: Any = context.flatten()
    return {
        "head": head_of(said.get("request"), said),
        "title": plain(title),
        "description": plain(description),
        "width": WIDTH,
        "height": HEIGHT,
        "can_draw": can_draw(),
    }


def plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())
