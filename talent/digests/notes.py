"""What the mails say that somebody asked for. None repeats what was typed into a form."""

from __future__ import annotations

from django.utils.translation import gettext as _

from talent.common.notes import Note


def confirm(url: str) -> Note:
    return Note(
        subject=_("Confirm your subscription to Transfer Window"),
        before=_(
            "Somebody, you we hope, asked for a digest of Transfer Window at this address. "
            "Nothing will be sent unless you say yes on the page behind this link:"
        ),
        button=_("See what it is, and confirm"),
        url=url,
        after=_(
            "The link works once, for 48 hours. It was not you? Do nothing: you will hear "
            "no more, and the address is forgotten within a week."
        ),
    )


def add(url: str, settings_url: str) -> Note:
    return Note(
        subject=_("Your subscription to Transfer Window"),
        before=_(
            "Somebody, you we hope, filled in our form with your address. You receive our "
            "digest already; what was asked for can be added to it:"
        ),
        button=_("See what was asked for"),
        url=url,
        other=_("All your settings, for one day"),
        other_url=settings_url,
        after=_("It was not you? Do nothing: nothing has changed."),
    )


def settings_link(url: str) -> Note:
    return Note(
        subject=_("Your link to the settings of Transfer Window"),
        before=_("Here you see and change everything about your digest:"),
        button=_("Open my settings"),
        url=url,
        after=_(
            "The link works for one day. Do not forward this mail: who has the link can "
            "change the settings. You did not ask for it? Then nothing has happened."
        ),
    )


def move(url: str) -> Note:
    return Note(
        subject=_("Confirm your new address for Transfer Window"),
        before=_(
            "A subscriber to Transfer Window wants to receive the digest at this address. "
            "Is it you?"
        ),
        button=_("Yes, send it here"),
        url=url,
        after=_("The link works once, for 48 hours. It was not you? Do nothing."),
    )


def taken(settings_url: str) -> Note:
    return Note(
        subject=_("Your subscription to Transfer Window"),
        before=_(
            "A subscriber to Transfer Window wants to move their digest to this address. It "
            "has a subscription of its own; delete that one first if both are yours:"
        ),
        button=_("Open the settings of this address"),
        url=settings_url,
        after=_("It was not you? Do nothing: nothing has changed."),
    )


def moved() -> Note:
    return Note(
        subject=_("Your digest from Transfer Window has moved"),
        before=_(
            "As asked for in your settings, your digest goes to another address from now "
            "on, and this one will get no more mail."
        ),
        button="",
        url="",
        after=_(
            "It was not you? The unsubscribe link of any earlier digest still stops it; "
            "and answer this mail, please."
        ),
    )
