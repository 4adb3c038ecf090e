"""Rows of lists, written by functions where there are many of them."""

from __future__ import annotations

from django import template

from talent.dashboard.controls import choice_link, control
from talent.dashboard.event_row import ends, event_row, money
from talent.dashboard.timeline_svg import timeline_bar, timeline_grid

register = template.Library()
register.simple_tag(choice_link)
register.simple_tag(control)
register.simple_tag(event_row)
register.simple_tag(ends, name="event_ends")
register.simple_tag(money)
register.simple_tag(timeline_bar)
register.simple_tag(timeline_grid)
