"""Fields of filter forms, as Django's own templates write them.

Those take three templates for a field and one for each option of a select: a tenth of a page's
time. As in `event_row`, plain Python.
"""

from __future__ import annotations

from html import escape

from django.forms import BoundField, Select, TextInput
from django.utils.safestring import SafeString, mark_safe


def field_group(field: BoundField) -> SafeString:
    """Label and field; what is wrong with it too, by Django's template."""
    widget = field.field.widget
    if field.errors or type(widget) not in (Select, TextInput):
        return field.as_field_group()
    value, id = field.value(), escape(field.auto_id)
    typed = "" if value is None else str(value)
    named = f'name="{escape(field.html_name)}"'
    if isinstance(widget, Select):
        options = "".join(
            f'<option value="{escape(str(each))}"{" selected" if str(each) == typed else ""}>'
            f"{escape(str(label))}</option>"
            for each, label in widget.choices
        )
        shown = f'<select {named} id="{id}">{options}</select>'
    else:
        said = f' value="{escape(typed)}"' if typed else ""
        shown = f'<input type="text" {named}{said} id="{id}">'
    # Escaped above; the rest is ours.
    return mark_safe(f'<label for="{id}">{escape(str(field.label))}</label>\n{shown}')
