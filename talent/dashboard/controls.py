"""A field of a filter form and a choice of a facet, as HTML.

The page of events has seventy of them. As in `event_row`, the template engine took ten times
as long for each, which was a tenth of the page's time.
"""

from __future__ import annotations

from html import escape

from django.contrib.humanize.templatetags.humanize import intcomma
from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from talent.registry.facets import Facet, Option


def control(field: BoundField) -> SafeString:
    """The label, what is wrong with what was typed, and the box or the list to choose from."""
    id, typed = escape(str(field.auto_id)), field.data or ""
    name = escape(field.html_name)
    wrong = error = ""
    if field.errors:
        wrong = f' aria-invalid="true" aria-describedby="{id}-error"'
        error = f'<p class="error" id="{id}-error">{escape(str(field.errors[0]))}</p>'
    if choices := getattr(field.field, "choices", None):
        options = "".join(
            f'<option value="{escape(str(value))}"'
            f"{' selected' if value and value == typed else ''}>{escape(str(label))}</option>"
            for value, label in choices
        )
        box = f'<select name="{name}" id="{id}"{wrong}>{options}</select>'
    else:
        kind = getattr(field.field.widget, "input_type", "text")
        box = (
            f'<input type="{kind}" name="{name}" id="{id}" value="{escape(str(typed))}"'
            f' maxlength="200" autocomplete="off"{wrong}>'
        )
    label = f'<label for="{id}">{escape(str(field.label))}</label>'
    return mark_safe(f"{label}{error}{box}")  # each part is escaped


def choice_link(option: Option, facet: Facet, here: str) -> SafeString:
    """The link to the list that the choice leaves, with how many it has."""
    label = escape(option.label)
    if facet.name == "seat":
        label = f'<span class="seat seat-{escape(option.value)}">{label}</span>'
    number = intcomma(option.count) if option.count is not None else ""
    return mark_safe(  # each part is escaped
        f'<a href="{escape(here)}?{escape(option.query)}">{label} '
        f'<span class="facet-count">{number}</span></a>'
    )
