"""Who may do what with digests at the desk: editors look, publishers hold and release too.

Addresses, and stopping somebody's mail, are for superusers.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps

from talent.accounts.roles import EDITOR, PUBLISHER

# Subscribers show with their address masked; from there a digest is previewed.
EDITORS = ("view_subscriber", "view_deliveryswitch")
PUBLISHERS = (
    *EDITORS,
    *("view_delivery", "change_delivery", "view_bounce", "change_deliveryswitch"),
)


def grant_roles(using: str, **_signal: Any) -> None:
    """Give the two groups exactly these of the app's permissions. Runs after every migration."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    # On a new database the permissions would be made only after this ran.
    create_permissions(apps.get_app_config("digests"), verbosity=0, using=using)
    ours = Permission.objects.using(using).filter(content_type__app_label="digests")
    for name, codenames in ((EDITOR, EDITORS), (PUBLISHER, PUBLISHERS)):
        group, _created = Group.objects.using(using).get_or_create(name=name)
        group.permissions.remove(*ours)
        group.permissions.add(*ours.filter(codename__in=codenames))
