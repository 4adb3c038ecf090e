"""JSON-LD in a page: data for programs, which no browser runs."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# No name ends the element, or opens a comment in it.
ESCAPED = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    said = {"@context": "https://schema.org", **data}
    text = json.dumps(said, ensure_ascii=False).translate(ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{text}</script>\n')
