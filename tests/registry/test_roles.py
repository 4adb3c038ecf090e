"""What the two groups may do, by the names of Django's permissions."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from talent.accounts.roles import EDITOR, PUBLISHER

pytestmark = pytest.mark.django_db


def may(group: str, codename: str) -> bool:
    found = Group.objects.get(name=group).permissions.filter(codename=codename)
    return found.exists()


class TestWaves:
    @pytest.mark.parametrize("group", [EDITOR, PUBLISHER])
    @pytest.mark.parametrize(
        "codename",
        ["add_wave", "change_wave", "view_wave", "add_waveevent", "delete_waveevent"],
    )
    def test_are_drafted_by_both(self, group, codename):
        assert may(group, codename)

    def test_are_deleted_by_publishers_alone(self):
        assert may(PUBLISHER, "delete_wave")
        assert not may(EDITOR, "delete_wave")
