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
    "draw-pages": {
        # A change makes them old: most readers come later than this. Nothing to do costs a query.
        "task": "talent.dashboard.tasks.draw_pages",
        "schedule": 10,
        "options": {"expires": 8},
    },
    "refresh-everything": {
        # Proves the increments right; after the quietest hour of both coasts and China.
        "task": "talent.insights.tasks.refresh_everything",
        "schedule": crontab(hour=9, minute=17),
        # Not worth running once the next one is due.
        "options": {"expires": 23 * 60 * 60},
    },
    "send-digests": {
        # Finds by query who is due; the minutes are spread over the hour by subscriber. A worker
        # that was killed left its mail claimed for 40 seconds: with this, a minute at most.
        "task": "talent.digests.tasks.send_digests",
        "schedule": 20,
        "options": {"expires": 15},
    },
    "send-requested": {
        # A sign-up wakes it by itself; this finds what a lost broker forgot, and tries again
        # what a relay did not take.
        "task": "talent.digests.tasks.send_requested",
        "schedule": 30,
        "options": {"expires": 25},
    },
    "make-editions": {
        # A day is over at midnight and has settled two hours later.
        "task": "talent.digests.tasks.make_editions",
        "schedule": crontab(hour=2, minute=23),
        "options": {"expires": 23 * 60 * 60},
    },
    "forget": {
        # Daily is often enough for what is kept for a week or a month.
        "task": "talent.digests.tasks.forget",
        "schedule": crontab(hour=3, minute=41),
        "options": {"expires": 23 * 60 * 60},
    },
    "tell-webhooks": {
        # Reads what the history has new and sends what is due: an edit is told within a minute,
        # a first retry after five seconds comes within fifteen.
        "task": "talent.opendata.tasks.tell_webhooks",
        "schedule": 10,
        "options": {"expires": 8},
    },
    "send-webhook-mails": {
        # A sign-up wakes it by itself; this finds what a lost broker forgot.
        "task": "talent.opendata.tasks.send_webhook_mails",
        "schedule": 30,
        "options": {"expires": 25},
    },
    "forget-webhooks": {
        # The log is kept for thirty days: a day more is no harm.
        "task": "talent.opendata.tasks.forget_webhooks",
        "schedule": crontab(hour=3, minute=53),
        "options": {"expires": 23 * 60 * 60},
    },
    "fetch-feeds": {
        # Finds by query which feeds are due; between two runs a server has its pause.
        "task": "talent.intake.tasks.fetch_feeds",
        "schedule": 120,
        "options": {"expires": 110},
    },
    "settle-tips": {
        # Contacts are kept for thirty days: an hour more is no breach, a day would be.
        "task": "talent.intake.tasks.settle_tips",
        "schedule": crontab(minute=23),
        "options": {"expires": 55 * 60},
    },
    "check-health": {
        # Reads the whole record once a night, after the refresh of the numbers.
        "task": "talent.registry.tasks.check_health",
        "schedule": crontab(hour=10, minute=7),
        "options": {"expires": 23 * 60 * 60},
    },
    "check-links": {
        # Each page is asked about once a week; whatever is due goes on until it is done. Several
        # times a day, so that a worker that was restarted loses hours, not the week.
        "task": "talent.registry.tasks.check_links",
        "schedule": crontab(hour="*/6", minute=47),
        "options": {"expires": 5 * 60 * 60},
    },
    "keep-data-sets": {
        # In the first hour of a month the record is frozen; later hours make up for one that was
        # missed, and look for removals that nobody was woken for.
        "task": "talent.opendata.tasks.keep_data_sets",
        "schedule": crontab(minute=37),
        "options": {"expires": 55 * 60},
    },
    "forget-uploads": {
        # Sheets are kept for ninety days; a day more is no harm.
        "task": "talent.intake.tasks.forget_uploads",
        "schedule": crontab(hour=4, minute=13),
        "options": {"expires": 23 * 60 * 60},
    },
}
