"""Passwords made for people to copy by hand once."""

from __future__ import annotations

import secrets

from talent.accounts.models import User

# Nothing that is read as something else: no l and 1, no o and 0, no i.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LETTERS = 4, 5


def readable() -> str:
    """Four groups of five: 99 bits."""
    return "-".join(
        "".join(secrets.choice(READABLE) for _letter in range(LETTERS))
        for _group in range(GROUPS)
    )


def give_new(user: User) -> str:
    """Set a new password and return it: it is stored as a hash only, so show it now.

    Ends every session of the user, as any change of password does.
    """
    password = readable()
    user.set_password(password)
    user.save(update_fields=["password"])
    return password
