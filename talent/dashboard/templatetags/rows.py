"""Rows of lists, written by functions where there are many of them."""

from __future__ import annotations

from django import template

from talent.dashboard.event_row import ends, event_row

register = template.Library()
register.simple_tag(event_row)
register.simple_tag(ends, name="event_ends")
