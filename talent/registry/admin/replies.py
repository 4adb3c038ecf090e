"""Replies of people and companies named in the record. They begin as tips (talent.intake)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.registry import curation, replies
from talent.registry.admin.base import DeskAdmin, editor_of, may_publish
from talent.registry.admin.links import badge
from talent.registry.models import Reply


class ReplyForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own base
    class Meta:
        model = Reply
        fields = ("text", "said_by", "said_on", "verified_how")


@admin.register(Reply)
class ReplyAdmin(DeskAdmin):
    form = ReplyForm
    list_display = ("said_on", "said_by", "about_shown", "shown")
    list_display_links = ("said_on", "said_by")
    list_select_related = (
        "event__person", "event__organization", "person", "organization",
    )  # fmt: skip
    ordering = ("-said_on", "-pk")
    sortable_by = ()
    actions = ["remove_them", "show_them_again"]
    readonly_fields = ("about_shown",)
    fields = ("about_shown", "text", "said_by", "said_on", "verified_how")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a reply is published from the tip it came in

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return may_publish(request)

    @staticmethod
    def is_public(obj: Any) -> bool:
        return True

    @admin.display(description=gettext_lazy("about"))
    def about_shown(self, reply: Reply) -> str:
        return str(reply.about)

    @admin.display(description=gettext_lazy("state"))
    def shown(self, reply: Reply) -> str:
        if reply.removed_at:
            return badge("status", "withdrawn", _("taken off"))
        return badge("status", "published", _("shown"))

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        with curation.recorded_as(editor_of(request)):
            obj.save()

    @admin.action(
        description=gettext_lazy("Take off the pages"), permissions=["publish"]
    )
    def remove_them(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        self.turn(request, chosen, replies.remove_reply, _("taken off the pages"))

    @admin.action(description=gettext_lazy("Show again"), permissions=["publish"])
    def show_them_again(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        self.turn(request, chosen, replies.show_reply_again, _("shown again"))

    def turn(
        self, request: HttpRequest, chosen: QuerySet[Any], verb: Any, said: str
    ) -> None:
        by, at = editor_of(request), timezone.now()
        rows = list(chosen.order_by("pk")[:500])
        done = sum(verb(row, at=at, by=by, reason="") for row in rows)
        self.message_user(request, f"{done} {said}.", messages.SUCCESS)
