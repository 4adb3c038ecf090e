"""Who may do what with the record: editors draft and edit, publishers publish and merge too.

Accounts themselves are for superusers only.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps

from talent.accounts.roles import EDITOR, PUBLISHER

EDITED = (
    "citation", "deal", "dealevent", "dealreading", "event", "eventreason", "organization",
    "package", "person", "reading", "source", "wave", "waveevent",
)  # fmt: skip
SEEN = ("reason", "merge", "approval", "reply")
PUBLISHERS_ONLY = (
    "publish_event", "merge_person", "merge_organization", "add_reason", "change_reason",
    "add_reply", "change_reply",
    "delete_event", "delete_person", "delete_organization", "delete_source", "delete_package",
    "delete_deal", "delete_wave",
)  # fmt: skip


def grant_roles(using: str, **_signal: Any) -> None:
    """Give the two groups exactly the permissions named here. Runs after every migration."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # On a new database the permissions would be made only after this ran.
    create_permissions(apps.get_app_config("registry"), verbosity=0, using=using)
    registry = Permission.objects.using(using).filter(
        content_type__app_label="registry"
    )
    by_codename = {permission.codename: permission for permission in registry}
    editors = [
        f"{verb}_{model}" for model in EDITED for verb in ("view", "add", "change")
    ]
    editors += [f"view_{model}" for model in SEEN]
    # Rows inside an event's form come and go with an edit; whole records do not.
    editors += [
        f"delete_{part}"
        for part in (
            *("citation", "eventreason", "reading", "dealreading", "dealevent"),
            "waveevent",
        )
    ]
    for name, codenames in (
        (EDITOR, editors),
        (PUBLISHER, [*editors, *PUBLISHERS_ONLY]),
    ):
        group, _created = Group.objects.using(using).get_or_create(name=name)
        # What other apps grant the group is theirs to say.
        group.permissions.set(
            [
                *(by_codename[code] for code in codenames if code in by_codename),
                *group.permissions.exclude(content_type__app_label="registry"),
            ]
        )
