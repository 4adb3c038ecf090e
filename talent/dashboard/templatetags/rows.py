"""Rows of lists, written by functions where there are many of them."""

from __future__ import annotations

from django import template

from talent.dashboard.charts import chart_rows
from talent.dashboard.controls import choice_link, control
from talent.dashboard.event_row import ends, event_row, money
from talent.dashboard.form_fields import field_group
from talent.dashboard.moves_matrix import matrix_rows
from talent.dashboard.organization_rows import (
    end_row,
    lane_row,
    move_line,
    name_row,
    stay_row,
)
from talent.dashboard.pay_row import pay_row
from talent.dashboard.seats_rows import seat_ends, seat_rows
from talent.dashboard.stays_tables import median_rows
from talent.dashboard.timeline_svg import timeline_bar, timeline_grid

register = template.Library()
register.simple_tag(chart_rows)
register.simple_tag(choice_link)
register.simple_tag(control)
register.simple_tag(end_row)
register.simple_tag(lane_row)
register.simple_tag(move_line)
register.simple_tag(name_row)
register.simple_tag(stay_row)
register.simple_tag(event_row)
register.simple_tag(ends, name="event_ends")
register.simple_tag(matrix_rows)
register.simple_tag(median_rows)
register.simple_tag(field_group)
register.simple_tag(money)
register.simple_tag(pay_row)
register.simple_tag(seat_ends)
register.simple_tag(seat_rows)
register.simple_tag(timeline_bar)
register.simple_tag(timeline_grid)
