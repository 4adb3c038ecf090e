"""Who works with what comes in: whoever drafts and edits events."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from talent.registry.admin.base import DeskAdmin, editor_of


def may(request: HttpRequest, verb: str) -> bool:
    return editor_of(request).has_perm(f"registry.{verb}_event")


class IntakeAdmin(DeskAdmin):
    """Nothing of it is public: no rights of its own, those over events decide."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "view")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, "change")

    @staticmethod
    def is_public(obj: Any) -> bool:
        return False
