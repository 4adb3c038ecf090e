"""When the recurring tasks run: the schedule of Celery beat.

Each entry says why it runs at that time. Times are UTC. Every task finds what is due by
a query and may run twice or late without harm, so a second beat or a missed hour
changes nothing. Keep entries off the full hour, where everybody else's run.
"""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "refresh-touched": {
        # A publish wakes the refresh by itself; this finds what a lost broker forgot.
        "task": "talent.insights.tasks.refresh_touched",
        "schedule": 30,
        "options": {"expires": 25},
    },
    "refresh-everything": {
        # Proves the increments right; after the quietest hour of both coasts and China.
        "task": "talent.insights.tasks.refresh_everything",
        "schedule": crontab(hour=9, minute=17),
        # Not worth running once the next one is due.
        "options": {"expires": 23 * 60 * 60},
    },
}
