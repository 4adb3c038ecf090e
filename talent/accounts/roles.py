"""Who may sign in to the desk: editors, publishers, and who looks after the accounts.

What each role may do there is said in talent.registry.roles.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talent.accounts.models import User

EDITOR, PUBLISHER = "editor", "publisher"

NAMES = {EDITOR: _("editor"), PUBLISHER: pgettext_lazy("role", "publisher")}

ROLES = (
    (EDITOR, _("Editor: drafts and edits")),
    (PUBLISHER, _("Publisher: publishes, withdraws and merges too")),
)


def may_use_desk(user: User | AnonymousUser) -> bool:
    """Active staff with a role or a superuser: one query, none for a superuser."""
    if not (user.is_active and user.is_staff):
        return False
    return (
        user.is_superuser or user.groups.filter(name__in=(EDITOR, PUBLISHER)).exists()
    )
