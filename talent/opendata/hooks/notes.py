"""What the mails about webhooks say. None repeats what a stranger typed into the form."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from talent.common.notes import Note
from talent.opendata.hooks.links import url_of
from talent.opendata.models import Hook


def confirm(hook: Hook) -> Note:
    return Note(
        subject=_("Confirm your webhook of Transfer Window"),
        before=_(
            "Somebody, you we hope, asked Transfer Window to tell an endpoint of changes, and "
            "gave this address for it. Nothing is sent unless you say yes on the page behind "
            "this link, where you will also find the secret of its signatures:"
        ),
        button=_("See what it is, and confirm"),
        url=url_of(hook),
        after=_(
            "Confirm within 48 hours. Afterwards the same link is where you manage the webhook: "
            "keep it, and show it to nobody. It was not you? Do nothing: the address is "
            "forgotten within a week."
        ),
    )


def one_link(hook: Hook) -> Note:
    return Note(
        subject=_("Your webhook of Transfer Window"),
        before=_("Here you see and change everything about your webhook:"),
        button=_("Manage the webhook"),
        url=url_of(hook),
        after=_(
            "Your other webhooks are linked from there. Show the link to nobody: who has it "
            "can change them. You did not ask for it? Then nothing has happened."
        ),
    )


def disabled(hook: Hook) -> Note:
    if hook.why_disabled == Hook.Why.GONE:
        before = _(
            "Your endpoint answered that it is gone (410), so your webhook of Transfer Window "
            "has been disabled. Nothing is sent any more."
        )
    else:
        before = _(
            "For two days your endpoint has accepted no message of Transfer Window, so your "
            "webhook has been disabled. Nothing is sent any more."
        )
    return Note(
        subject=_("Your webhook of Transfer Window was disabled"),
        before=before,
        button=_("See what went wrong, and start it again"),
        url=url_of(hook),
        after=_(
            "When you start it again within thirty days, everything it missed is sent. This is "
            "the only mail about it."
        ),
        other=_("How webhooks work"),
        other_url=settings.SITE_URL + reverse("opendata_pages:webhook_guide"),
    )
